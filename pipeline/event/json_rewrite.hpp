#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// One token of a text that is JSON or nearly so.
struct json_token {
  enum class kind { string, number, open, close, other };
  kind what = kind::other;
  std::string_view raw;  // as it stands, quotes too
  bool is_name = false;  // of a string: a colon follows
};

/// Cuts a text into tokens, whatever it is: nothing is refused, and all tokens together are the text.
class json_tokens {
 public:
  explicit json_tokens(std::string_view text) : text_(text) {}
  /// False at the end.
  bool next(json_token& token);

 private:
  std::size_t end_of_string(std::size_t at) const;
  bool colon_follows(std::size_t at) const;

  std::string_view text_;
  std::size_t at_ = 0;
};

/// What a string's token says; the result is the token itself or lies in `scratch`.
std::string_view decoded_string(std::string_view raw, std::string& scratch);

/// A piece of JSON (`form_fields`) with the personal data in its strings, names and numbers masked: see
/// mask_personal_data, whose result and rule for `out` it has. A number becomes a string.
std::size_t mask_json(std::string_view json, std::string& out);

/// Appends one token with its personal data masked, or as it is. Returns how many there were.
std::size_t mask_token(const json_token& token, std::string& out);

}  // namespace weir
