#include <algorithm>
#include <array>
#include <sstream>

#include "config/units.hpp"
#include "config/yaml.hpp"

namespace weir::config {
namespace {

constexpr std::string_view plain_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
constexpr std::array<std::string_view, 12> words{"true", "false", "yes", "no",   "on", "off",
                                                 "null", "y",     "n",   ".nan", "",   ".inf"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string quote(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const unsigned char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c >= 0x20)
      out += static_cast<char>(c);
    else
      ((out += "\\x") += hex[c >> 4]) += hex[c & 15];
  }
  return out += '"';
}

/// What begins like a number, a date or a list might be read as one.
bool is_like_number(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return digit(text[0]) || text[0] == '-' || (text[0] == '.' && text.size() > 1 && digit(text[1]));
}

std::string write_key(const std::string& key) { return needs_quotes(key) ? quote(key) : key; }

bool is_block(const node& value) {
  if (value.children.empty()) return false;
  const auto nested = [](const node& child) { return !child.children.empty(); };
  return value.is(node::kind::map) || std::ranges::any_of(value.children, nested);
}

class block_writer {
 public:
  explicit block_writer(const yaml_comments& comments) : comments_(comments) {}

  void write(const node& value, const std::string& path, const std::string& indent, std::string& out) const {
    for (const auto& child : value.children) {
      if (value.is(node::kind::list))
        write_item(child, indent, out);
      else
        write_entry(child, path.empty() ? child.key : path + '.' + child.key, indent, out);
    }
  }

 private:
  void write_entry(const node& child, const std::string& path, const std::string& indent,
                   std::string& out) const {
    write_comment(path, indent, out);
    ((out += indent) += write_key(child.key)) += ':';
    if (!is_block(child)) {
      (out += ' ') += write_inline(child) + '\n';
      return;
    }
    out += '\n';
    write(child, path, indent + "  ", out);
  }

  /// `- ` before the first line of what an item says, blanks before the others.
  void write_item(const node& item, const std::string& indent, std::string& out) const {
    std::string block = indent + "  ";
    if (is_block(item))
      block.clear(), write(item, "", indent + "  ", block);
    else
      block += write_inline(item) + '\n';
    block[indent.size()] = '-';
    out += block;
  }

  void write_comment(const std::string& path, const std::string& indent, std::string& out) const {
    const auto found = comments_.find(path);
    if (found == comments_.end()) return;
    if (indent.empty() && !out.empty()) out += '\n';
    std::istringstream lines(found->second);
    for (std::string line; std::getline(lines, line);) ((out += indent) += "# ") += line + '\n';
  }

  const yaml_comments& comments_;
};

}  // namespace

bool needs_quotes(std::string_view text) {
  const bool word = std::ranges::find(words, lower(text)) != words.end();
  const bool odd = text.find_first_not_of(plain_letters) != text.npos;
  return word || odd || is_like_number(text);
}

std::string write_inline(const node& value) {
  if (value.is(node::kind::nothing)) return "null";
  if (value.is(node::kind::scalar)) return value.quoted ? quote(value.text) : value.text;
  const bool map = value.is(node::kind::map);
  std::string out(1, map ? '{' : '[');
  for (const auto& child : value.children) {
    if (out.size() > 1) out += ", ";
    if (map) (out += write_key(child.key)) += ": ";
    out += write_inline(child);
  }
  return out += map ? '}' : ']';
}

std::string write_yaml(const node& root, const yaml_comments& comments) {
  std::string out;
  block_writer(comments).write(root, "", "", out);
  return out;
}

}  // namespace weir::config
