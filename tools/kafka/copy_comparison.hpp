#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/base/hash.hpp"

namespace weir {

/// Compares a local copy that reaches to a position of its changelog with the changelog's committed records.
///
/// The copy may hold later values than its position says, never earlier ones; and of a key that was written
/// again behind the position, compaction may have removed what was before. Neither is a difference.
class copy_comparison {
 public:
  explicit copy_comparison(std::int64_t position) : position_(position) {}

  /// All committed records of the changelog, in order.
  void add_change(std::string_view key, std::int64_t offset, std::optional<std::string_view> value);
  /// Then all of the copy.
  void add_copied(std::string_view key, std::string_view value);

  struct difference {
    std::string key;  // as it is stored
    enum class kind { missing, extra, other_value } what;
  };
  /// Then what differs, in order of keys.
  std::vector<difference> differences() const;
  std::uint64_t equal() const { return equal_; }
  /// Keys that are as they are written behind the position.
  std::uint64_t ahead() const { return ahead_; }

 private:
  using fingerprint = std::optional<hash128>;  // none: the key is gone
  struct history {
    fingerprint at_position;
    std::vector<fingerprint> later;
    bool copied = false;
  };
  static bool is_later(const history& h, const fingerprint& value);

  std::int64_t position_;
  std::unordered_map<std::string, history> keys_;
  std::vector<difference> differences_;
  std::uint64_t equal_ = 0, ahead_ = 0;
};

}  // namespace weir
