#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// Appends one JSON object or array to a string, compactly, fields in the order of the calls. Texts must be
/// UTF-8. A null `double` (NaN or infinite) is written as `null`.
class json_writer {
 public:
  explicit json_writer(std::string& out) : out_(out) {}

  json_writer& begin_object() { return open('{'); }
  json_writer& end_object() { return close('}'); }
  json_writer& begin_array() { return open('['); }
  json_writer& end_array() { return close(']'); }

  /// A name that needs no escape; what follows is its value.
  json_writer& name(std::string_view plain);
  /// A name of any text.
  json_writer& escaped_name(std::string_view text);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(bool x);
  json_writer& value(std::int64_t x);
  json_writer& value(std::uint64_t x);
  json_writer& value(int x) { return value(static_cast<std::int64_t>(x)); }
  json_writer& value(unsigned x) { return value(static_cast<std::int64_t>(x)); }
  /// Shortest form that reads back the same; whole numbers without a fraction.
  json_writer& value(double x);
  json_writer& null();
  /// An amount of 10^-6, as a decimal with up to 6 digits.
  json_writer& micros(std::int64_t x);
  /// JSON as it is.
  json_writer& raw(std::string_view json);

  template <class T>
  json_writer& field(std::string_view plain, const T& x) {
    return name(plain).value(x);
  }
  /// Nothing for an empty text.
  json_writer& optional(std::string_view plain, std::string_view text) {
    return text.empty() ? *this : field(plain, text);
  }

 private:
  json_writer& open(char c);
  json_writer& close(char c);
  void separate();

  std::string& out_;
  bool first_ = true;
};

/// Appends a text as a JSON string, quoted and escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace weir
