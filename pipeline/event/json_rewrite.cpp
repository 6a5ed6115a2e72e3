#include "pipeline/event/json_rewrite.hpp"

#include <charconv>
#include <cstdint>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/event/personal_data.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool in_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

void append_utf8(std::string& out, std::uint32_t x) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80 | (x >> shift & 0x3f)); };
  if (x < 0x80) return put(x);
  if (x < 0x800) return put(0xc0 | x >> 6), tail(0);
  if (x < 0x10000) return put(0xe0 | x >> 12), tail(6), tail(0);
  put(0xf0 | x >> 18), tail(12), tail(6), tail(0);
}

bool read_hex4(std::string_view text, std::size_t at, std::uint32_t& x) {
  if (at + 4 > text.size()) return false;
  const auto* end = text.data() + at + 4;
  return std::from_chars(text.data() + at, end, x, 16).ptr == end;
}

bool is_surrogate(std::uint32_t x, std::uint32_t first) { return x >= first && x < first + 0x400; }

/// The code point whose `\u` ends before `at`, which is moved behind it; none for what is no such escape.
bool read_code_point(std::string_view text, std::size_t& at, std::uint32_t& x) {
  if (!read_hex4(text, at, x)) return false;
  at += 4;
  std::uint32_t low = 0;
  if (is_surrogate(x, 0xd800) && text.substr(at).starts_with("\\u") && read_hex4(text, at + 2, low) &&
      is_surrogate(low, 0xdc00)) {
    at += 6;
    x = 0x10000 + ((x - 0xd800) << 10) + (low - 0xdc00);
  } else if (is_surrogate(x, 0xd800) || is_surrogate(x, 0xdc00)) {
    x = 0xfffd;
  }
  return true;
}

void append_unescaped(std::string_view text, std::size_t& at, std::string& out) {
  constexpr std::string_view letters = "bfnrt", controls = "\b\f\n\r\t";
  const char c = text[at++];
  std::uint32_t code = 0;
  if (c == 'u' && read_code_point(text, at, code)) return append_utf8(out, code);
  const auto letter = letters.find(c);
  out += letter == std::string_view::npos ? c : controls[letter];
}

/// What stands between the quotes; the last may be missing.
std::string_view inside(std::string_view raw) {
  raw.remove_prefix(1);
  if (raw.ends_with('"')) raw.remove_suffix(1);
  return raw;
}

std::size_t mask_string(std::string_view raw, std::string& out) {
  std::string scratch, masked;
  const auto text = decoded_string(raw, scratch);
  if (!is_utf8(text)) {  // what is no UTF-8 is mended first: what stands in its place can be part of a name
    const auto mended = to_utf8(text);
    const auto count = mask_personal_data(mended, masked);
    count == 0 ? void(out.append(raw)) : append_json_string(out, masked);
    return count;
  }
  const auto count = mask_personal_data(text, masked);
  if (count == 0)
    out.append(raw);
  else if (text.data() == scratch.data())
    append_json_string(out, masked);
  else
    out.append("\"").append(masked).append("\"");
  return count;
}

std::size_t mask_number(std::string_view raw, std::string& out) {
  std::string masked;
  const auto count = mask_personal_data(raw, masked);
  if (count == 0)
    out.append(raw);
  else
    append_json_string(out, masked);
  return count;
}

}  // namespace

bool json_tokens::next(json_token& token) {
  using kind = json_token::kind;
  if (at_ == text_.size()) return false;
  const auto begin = at_;
  const char c = text_[at_++];
  token = {};
  if (c == '"') {
    token.what = kind::string;
    at_ = end_of_string(at_);
    token.is_name = colon_follows(at_);
  } else if (c == '{' || c == '[') {
    token.what = kind::open;
  } else if (c == '}' || c == ']') {
    token.what = kind::close;
  } else if (c == '-' || (c >= '0' && c <= '9')) {
    token.what = kind::number;
    while (at_ < text_.size() && in_number(text_[at_])) ++at_;
  }
  token.raw = text_.substr(begin, at_ - begin);
  return true;
}

std::size_t json_tokens::end_of_string(std::size_t at) const {
  for (; at < text_.size(); ++at) {
    if (text_[at] == '"') return at + 1;
    if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
  }
  return at;
}

bool json_tokens::colon_follows(std::size_t at) const {
  while (at < text_.size() && is_space(text_[at])) ++at;
  return at < text_.size() && text_[at] == ':';
}

std::string_view decoded_string(std::string_view raw, std::string& scratch) {
  const auto text = inside(raw);
  if (text.find('\\') == std::string_view::npos) return text;
  scratch.clear();
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '\\' && at < text.size())
      append_unescaped(text, at, scratch);
    else
      scratch += c;
  }
  return scratch;
}

std::size_t mask_token(const json_token& token, std::string& out) {
  if (token.what == json_token::kind::string) return mask_string(token.raw, out);
  if (token.what == json_token::kind::number) return mask_number(token.raw, out);
  out.append(token.raw);
  return 0;
}

std::size_t mask_json(std::string_view json, std::string& out) {
  if (json.find('\\') == std::string_view::npos && !may_be_personal(json)) return 0;
  const auto before = out.size();
  std::size_t count = 0;
  json_tokens tokens(json);
  for (json_token token; tokens.next(token);) count += mask_token(token, out);
  if (count == 0) out.resize(before);
  return count;
}

}  // namespace weir
