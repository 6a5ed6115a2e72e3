#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/base/arena.hpp"
#include "pipeline/base/hash.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

/// The groups of metrics that share a key: one gold topic each. kpis.md, "Families".
enum class family : std::uint8_t {
  site,
  pages,
  sources,
  devices,
  geo,
  elements,
  forms,
  videos,
  events,
  funnels,
  retention,
  journeys,
  quality,
  count_
};
inline constexpr auto families = static_cast<std::size_t>(family::count_);
using family_set = std::bitset<families>;

/// How many parts the key of each family has.
inline constexpr std::array<std::uint8_t, families> key_parts{0, 1, 3, 3, 2, 2, 1, 1, 1, 2, 0, 2, 1};

/// One addition to one aggregate of a cell. `slot` is the aggregate's number within its kind, as its family
/// declares.
struct addition {
  enum class kind : std::uint8_t { sum, unique, sample, top };
  kind what;
  std::uint8_t slot;
  std::int32_t times;  // of samples and tops: how often, negative takes back
  union {
    std::int64_t sum;       // added; negative takes back
    std::uint64_t hash;     // of a unique: hash64 of its text
    double value;           // of a sample
    std::string_view text;  // of a top; in the arena
  };

  addition() : what(kind::sum), slot(0), times(1), sum(0) {}
};

/// Additions to one cell: one key of one family in one window.
struct contribution {
  family fam;
  bool late = false;           // a late event's: counts in the window's late_events
  std::uint32_t first, count;  // its additions
  std::int64_t window;         // start, milliseconds
  std::string_view site;       // in the arena, as are the key's parts: one after the other
  std::array<std::string_view, 3> key;
  std::uint64_t hash;  // of site and key
};

/// What the pure code adds to the KPIs: filled by readers and session actors during one round of the lane,
/// given to the partial-tier KPI actors at its quiet point, then cleared. Owned by one lane. Texts are copied
/// to its arena.
///
/// f(new) - f(old): call f(new) with sign +1 and f(old) with sign -1; uniques must only be added with sign
/// +1.
class contributions {
 public:
  /// Begins a contribution; additions follow. Empty parts of the key become `(none)`, longer ones than a
  /// session keeps are cut as it cuts them. Texts must stay until `end`.
  void begin(family fam, std::int64_t window, std::string_view site, std::string_view k0 = {},
             std::string_view k1 = {}, std::string_view k2 = {});
  void sum(std::uint8_t slot, std::int64_t x) {
    if (x != 0) next(addition::kind::sum, slot, 1).sum = sign_ < 0 ? wrapping_sub(0, x) : x;
  }
  void unique(std::uint8_t slot, std::uint64_t hash) { next(addition::kind::unique, slot, 1).hash = hash; }
  void sample(std::uint8_t slot, double value, std::int32_t times = 1) {
    next(addition::kind::sample, slot, times * sign_).value = value;
  }
  /// Texts are cut to 256 bytes.
  void top(std::uint8_t slot, std::string_view text, std::int32_t times = 1);
  /// Marks the current contribution as a late event's.
  void late() { current_.late = true; }
  /// Marks the current contribution as one that a redo does not make again, since it goes by the wall clock:
  /// it has no part in `made`.
  void not_owed() { owed_ = false; }
  /// Ends the current contribution. One without additions is dropped.
  void end();

  void sign(int plus_or_minus_one) { sign_ = plus_or_minus_one; }

  /// In redo: count, do not keep.
  void drop(bool on) { dropping_ = on; }
  /// Keeps these families from now on; contributions to others are dropped, and not counted.
  void only(const family_set& wanted) { wanted_ = wanted; }
  bool wants(family fam) const { return wanted_[static_cast<std::size_t>(fam)]; }
  /// Keeps no account from now on: for what never redoes.
  void no_account() { accounting_ = false; }
  /// Count and hashes of all that was ever ended here and is owed, dropped or not.
  const digest& made() const { return made_; }

  const std::vector<contribution>& of(family fam) const { return made_of_[static_cast<std::size_t>(fam)]; }
  const addition* additions(const contribution& c) const { return additions_.data() + c.first; }
  bool empty() const { return used_ == 0; }
  /// Forgets all but the counts.
  void clear();

 private:
  addition& next(addition::kind what, std::uint8_t slot, std::int32_t times) {
    if (used_ == additions_.size()) additions_.resize(2 * used_ + 64);
    auto& a = additions_[used_++];
    a.what = what;
    a.slot = slot;
    a.times = times;
    return a;
  }
  void keep_texts(contribution& c);
  void count(const contribution& c);
  void drop_last(std::uint32_t first);

  std::array<std::vector<contribution>, families> made_of_;
  std::vector<addition> additions_;  // the first used_ of them
  std::size_t used_ = 0;
  contribution current_{};
  arena texts_;
  int sign_ = 1;
  bool dropping_ = false;
  bool owed_ = true;  // the current one
  bool accounting_ = true;
  family_set wanted_ = family_set().set();
  digest made_;
};

/// Five minutes, in milliseconds.
inline constexpr std::int64_t window_size = 300'000;

/// The start of the five-minute window that a time lies in (also before 1970).
constexpr std::int64_t window_of(std::int64_t time) {
  const auto rest = time % window_size;
  return time - (rest < 0 ? rest + window_size : rest);
}

}  // namespace weir
