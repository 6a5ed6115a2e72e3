#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>

#include "pipeline/log/record.hpp"
#include "pipeline/users/session_reader.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir::bench {

/// The users of the limit: a flat table, in which nothing is written down and no one expires.
class limit_users {
 public:
  explicit limit_users(const rules& r) : rules_(r) {}

  /// Takes the sessions among the records from `first` on.
  void take(const outbox& made, std::size_t first, std::int64_t watermark, contributions& kpis, outbox& out);
  std::size_t size() const { return users_.size(); }

 private:
  const rules& rules_;
  session_reader reader_;
  session_news news_;
  absl::flat_hash_map<std::string, user_state> users_;
};

}  // namespace weir::bench
