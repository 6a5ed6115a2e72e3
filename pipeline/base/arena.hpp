#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {

/// Memory that is given back all at once: the strings of one batch of events.
/// Owned by one lane, reset at its quiet point; nothing that points into it may be kept beyond.
class arena {
 public:
  /// Returns `size` bytes, unaligned.
  char* allocate(std::size_t size) {
    if (size > left_) grow(size);
    char* result = at_;
    at_ += size;
    left_ -= size;
    return result;
  }

  /// Copies a text in.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Forgets everything; keeps the memory of an ordinary batch.
  void reset();

 private:
  void grow(std::size_t size);

  struct block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  std::vector<block> blocks_;
  std::size_t used_ = 0;  // blocks in use
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace weir
