#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// Collects texts in one string so that views of them stay valid until the string is changed. It reserves
/// once, at the first text, enough for all; so a caller that keeps the string pays no allocation, nor does
/// one that needs none.
class scratch_text {
 public:
  /// `input`: total bytes of what will be decoded. A byte decodes to three at most (U+FFFD).
  scratch_text(std::string& text, std::size_t input) : text_(text), bound_(3 * input) { text_.clear(); }

  /// The string to append to. Never append more than the bound in total.
  std::string& open() {
    if (text_.capacity() < bound_) text_.reserve(bound_);
    return text_;
  }
  /// What was appended since `from`.
  std::string_view since(std::size_t from) const { return std::string_view(text_).substr(from); }

 private:
  std::string& text_;
  std::size_t bound_;
};

}  // namespace weir
