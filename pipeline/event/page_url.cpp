#include "pipeline/event/page_url.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace weir {

namespace {

// Where the part that begins at `at` is ended by one of the characters. (One search each: find_first_of would
// make a call for each character of the text.)
template <class... Characters>
std::size_t end_of_part(std::string_view text, std::size_t at, Characters... characters) {
  return std::min({text.size(), text.find(characters, at)...});
}

// Where the authority begins: behind `http://` or `https://`, in either case. 0 when neither stands there.
std::size_t authority_at(std::string_view url) {
  constexpr std::string_view scheme = "https", separator = "://";
  std::size_t at = 0;
  while (at < scheme.size() && at < url.size() && (url[at] | 0x20) == scheme[at]) ++at;
  return at >= 4 && url.substr(at, separator.size()) == separator ? at + separator.size() : 0;
}

bool has_host(std::string_view authority) {
  if (const auto user = authority.rfind('@'); user != std::string_view::npos)
    authority.remove_prefix(user + 1);
  if (authority.starts_with('['))
    return authority.size() > 2 && authority.find(']', 2) != std::string_view::npos;
  return !authority.empty() && authority.front() != ':';
}

}  // namespace

// Eight at a time: URLs are long, and every event has one.
bool has_space_or_control(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  std::size_t at = 0;
  for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word - ones * 0x21) & ~word & (ones * 0x80)) return true;
  }
  const auto rest = text.substr(at);
  return std::any_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

bool is_page_url(std::string_view url) {
  const auto begin = authority_at(url);
  if (begin == 0) return false;
  return has_host(url.substr(begin, end_of_part(url, begin, '/', '?', '#') - begin));
}

std::string_view path_of_url(std::string_view url) {
  return path_of_target(url.substr(end_of_part(url, authority_at(url), '/', '?', '#')));
}

std::string_view path_of_target(std::string_view target) {
  const auto path = target.substr(0, end_of_part(target, 0, '?', '#'));
  return path.empty() ? "/" : path;
}

}  // namespace weir
