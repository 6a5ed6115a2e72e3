#include "pipeline/event/json_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A decimal that std::from_chars finds out of range is too big or too small: its first digit that counts
// tells.
bool overflows(std::string_view number) {
  if (number.front() == '-') number.remove_prefix(1);
  const auto e = number.find_first_of("eE");
  const auto mantissa = number.substr(0, e);
  long exponent = 0;
  if (e != std::string_view::npos) {
    auto digits = number.substr(e + 1);
    if (digits.front() == '+') digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec != std::errc()) return digits.front() != '-';
  }
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return false;
  return exponent + static_cast<long>(point) - static_cast<long>(first) > 0;
}

bool integer_fits(std::string_view number) {
  const auto end = number.data() + number.size();
  std::int64_t with_sign;
  std::uint64_t without;
  return number.front() == '-' ? std::from_chars(number.data(), end, with_sign).ec == std::errc()
                               : std::from_chars(number.data(), end, without).ec == std::errc();
}

bool real_fits(std::string_view number) {
  double x;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), x);
  return read.ec == std::errc() || !overflows(number);
}

// Each method reads one thing and returns false when that ended the scan.
class scanner {
 public:
  scanner(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  json_scan run() {
    if (!values()) return result_;
    skip_space();
    if (at_ < text_.size()) malformed("the end");
    return result_;
  }

 private:
  bool malformed(std::string_view expected) {
    result_ = {json_scan::verdict::malformed, at_, expected};
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // The record's value and all in it, without recursion: `open_` holds the closing bracket of each level.
  bool values() {
    bool expects_value = true;
    do {
      skip_space();
      if (expects_value ? !begin_value(expects_value) : !after_value(expects_value)) return false;
    } while (expects_value || !open_.empty());
    return true;
  }

  bool begin_value(bool& expects_value) {
    const auto c = peek();
    if (c == '{' || c == '[') return open(c, expects_value);
    expects_value = false;
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    if (c == 't') return word("true");
    if (c == 'f') return word("false");
    if (c == 'n') return word("null");
    return malformed("a value");
  }

  bool open(char c, bool& expects_value) {
    if (open_.size() == max_depth_) {
      result_ = {json_scan::verdict::too_deep, at_, {}};
      return false;
    }
    ++at_;
    open_.push_back(c == '{' ? '}' : ']');
    skip_space();
    expects_value = !take(open_.back());
    if (!expects_value) open_.pop_back();
    return !expects_value || c == '[' || name();
  }

  bool after_value(bool& expects_value) {
    const auto close = open_.back();
    if (take(close)) return open_.pop_back(), true;
    if (!take(',')) return malformed(close == '}' ? "',' or '}'" : "',' or ']'");
    expects_value = true;
    skip_space();
    return close == ']' || name();
  }

  bool name() {
    if (peek() != '"') return malformed("a name in quotes");
    if (!string()) return false;
    skip_space();
    return take(':') || malformed("':'");
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return malformed(expected);
    at_ += expected.size();
    return true;
  }

  bool string() {
    for (++at_; !take('"');) {
      const auto c = static_cast<unsigned char>(peek());
      if (at_ == text_.size()) return malformed("the string's closing quote");
      if (c < 0x20) return malformed("no control character in a string");
      if (c == '\\') {
        if (!escape()) return false;
        continue;
      }
      const auto length = utf8_length(text_, at_);
      if (length == 0) return malformed("UTF-8");
      at_ += length;
    }
    return true;
  }

  bool escape() {
    ++at_;
    if (take('u')) return escaped_code_point();
    if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) return malformed("an escape");
    ++at_;
    return true;
  }

  bool escaped_code_point() {
    unsigned unit = 0, low = 0;
    if (!code_unit(unit)) return false;
    if (unit >= 0xdc00 && unit < 0xe000) return malformed("no lone surrogate");
    if (unit < 0xd800 || unit >= 0xe000) return true;
    if (!take('\\') || !take('u')) return malformed("the second half of a surrogate pair");
    if (!code_unit(low)) return false;
    return (low >= 0xdc00 && low < 0xe000) || malformed("the second half of a surrogate pair");
  }

  bool code_unit(unsigned& unit) {
    const auto digits = text_.substr(at_, 4);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (digits.size() < 4 || read.ptr != digits.data() + 4) return malformed("four hexadecimal digits");
    at_ += 4;
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return malformed("a digit");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    const auto begin = at_;
    bool integer = true;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.')) {
      integer = false;
      if (!digits()) return false;
    }
    if (take('e') || take('E')) {
      integer = false;
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    const auto all = text_.substr(begin, at_ - begin);
    if (integer ? integer_fits(all) : real_fits(all)) return true;
    at_ = begin;
    return malformed(integer ? "an integer from -2^63 to 2^64 - 1" : "a number within a double's range");
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::vector<char> open_;
  json_scan result_;
};

}  // namespace

json_scan scan_json(std::string_view text, std::size_t max_depth) { return scanner(text, max_depth).run(); }

bool is_json_object(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  return first != std::string_view::npos && text[first] == '{' &&
         scan_json(text, text.size()).what == json_scan::verdict::valid;
}

}  // namespace weir
