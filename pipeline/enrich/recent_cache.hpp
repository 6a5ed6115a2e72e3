#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <utility>

#include "pipeline/base/hash.hpp"

namespace weir {

/// What was found out about texts lately, by their hash: two generations, of which the older is forgotten
/// when the younger is full. So it is bounded, what is asked for often stays, and a hit costs a look-up.
/// One a lane: no locks.
template <class Value>
class recent_cache {
 public:
  /// `bytes`: of a generation, as `add` is told.
  explicit recent_cache(std::size_t bytes) : limit_(bytes) {}

  /// What is known of the text; null if nothing is. Valid until the next call.
  const Value* find(const hash128& key) {
    if (const auto found = young_.find(key); found != young_.end()) return &found->second.value;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    auto entry = std::move(found->second);
    old_.erase(found);
    return &add(key, std::move(entry));
  }

  /// Remembers a value that takes so many bytes beside itself.
  const Value& add(const hash128& key, Value value, std::size_t bytes) {
    return add(key, entry{std::move(value), bytes + sizeof(entry) + sizeof(key)});
  }

  void clear() {
    young_.clear();
    old_.clear();
    used_ = 0;
  }

 private:
  struct entry {
    Value value;
    std::size_t bytes;
  };

  const Value& add(const hash128& key, entry&& x) {
    if (used_ + x.bytes > limit_ && !young_.empty()) {
      old_ = std::exchange(young_, {});
      used_ = 0;
    }
    used_ += x.bytes;
    return young_.insert_or_assign(key, std::move(x)).first->second.value;
  }

  std::size_t limit_;
  std::size_t used_ = 0;  // by the younger
  absl::flat_hash_map<hash128, entry> young_, old_;
};

}  // namespace weir
