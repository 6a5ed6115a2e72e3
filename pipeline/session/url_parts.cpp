#include "pipeline/session/url_parts.hpp"

#include <algorithm>
#include <array>

#include "pipeline/session/ascii.hpp"

namespace weir {

namespace {

using text_view = std::string_view;

bool take_prefix(text_view& url, text_view prefix) {
  if (!url.starts_with(prefix) && !equal_ignoring_case(url.substr(0, prefix.size()), prefix)) return false;
  url.remove_prefix(prefix.size());
  return true;
}

/// What a character means while the host is looked for.
enum class role : unsigned char { plain, end, user_end, port, no_host };

/// Browsers read `\` as `/`, so it ends the host as well.
constexpr std::array<role, 256> make_roles() {
  std::array<role, 256> roles{};
  for (std::size_t c = 0; c <= ' '; ++c) roles[c] = role::no_host;
  roles[0x7f] = role::no_host;
  for (const auto c : {'/', '\\', '?', '#'}) roles[static_cast<unsigned char>(c)] = role::end;
  roles[static_cast<unsigned char>('@')] = role::user_end;
  roles[static_cast<unsigned char>(':')] = role::port;
  return roles;
}
constexpr auto roles = make_roles();

/// Takes the host, with what stands around it, from the text after `scheme://`. Empty if it is none. In one
/// pass: this runs twice for each page view.
text_view take_host(text_view& rest) {
  std::size_t begin = 0, i = 0, colon = text_view::npos;
  auto valid = true;
  for (; i < rest.size(); ++i) {
    const auto what = roles[static_cast<unsigned char>(rest[i])];
    if (what == role::plain) continue;
    if (what == role::end) break;
    if (what == role::user_end) begin = i + 1, colon = text_view::npos, valid = true;
    // An IPv6 address keeps its brackets: the colons in there start no port.
    if (what == role::port && colon == text_view::npos && (rest[begin] != '[' || rest[i - 1] == ']'))
      colon = i;
    if (what == role::no_host) valid = false;
  }
  const auto host = rest.substr(begin, std::min(i, colon) - begin);
  rest.remove_prefix(i);
  return valid ? without_www(host) : text_view();
}

/// Cuts off what begins with `mark` and returns it without the mark.
text_view cut_from(text_view& rest, char mark) {
  const auto at = rest.find(mark);
  if (at == text_view::npos) return {};
  const auto cut = rest.substr(at + 1);
  rest = rest.substr(0, at);
  return cut;
}

/// `rest`: what stands after `scheme://`.
std::optional<url_parts> split_after_scheme(text_view rest) {
  url_parts parts;
  parts.host = take_host(rest);
  if (parts.host.empty()) return std::nullopt;
  parts.fragment = cut_from(rest, '#');
  parts.query = cut_from(rest, '?');
  parts.path = rest;
  return parts;
}

bool take_http(text_view& url) { return take_prefix(url, "https://") || take_prefix(url, "http://"); }

}  // namespace

text_view without_www(text_view host) {
  take_prefix(host, "www.");
  return host;
}

std::optional<url_parts> split_referrer(text_view referrer) {
  if (!take_http(referrer) && !take_prefix(referrer, "android-app://")) return std::nullopt;
  return split_after_scheme(referrer);
}

text_view http_host(text_view url) { return take_http(url) ? take_host(url) : text_view(); }

text_view query_of(text_view url) {
  auto query = cut_from(url, '?');
  if (url.find('#') != text_view::npos) return {};
  cut_from(query, '#');
  return query;
}

}  // namespace weir
