#pragma once

#include "tools/generate/random.hpp"
#include "tools/generate/traffic_generator.hpp"
#include "tools/generate/visit.hpp"

namespace weir {

/// Events of a visit, on average.
inline constexpr double mean_visit_events = 15;
/// Milliseconds between events of a visit, on average.
inline constexpr double mean_think_time = 20'000;

/// How visitors behave: pure functions of a visit and of chance.
class behaviour {
 public:
  explicit behaviour(const traffic_options& options);

  /// A new visitor, or one who was here before, enters.
  visit enter(random_source& random) const;

  /// The visitor's next event; counts it.
  happening act(visit& who, random_source& random) const;

  /// Milliseconds until the next event: seconds mostly, minutes sometimes.
  static std::int64_t think(random_source& random);

  /// Milliseconds that are left of it, for a visitor who is met at some time.
  static std::int64_t think_on(random_source& random);

  /// The visitor comes back under the old id and begins anew.
  static void come_back(visit& who, random_source& random);

 private:
  action choose(visit& who, random_source& random) const;
  action shop(visit& who, random_source& random) const;
  action browse(visit& who, random_source& random) const;
  action fill_form(visit& who, bool& success, random_source& random) const;

  std::uint64_t visitors_;
  const traffic_options options_;
};

}  // namespace weir
