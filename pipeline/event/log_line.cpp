#include "pipeline/event/log_line.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace weir {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Takes what stands before `end` from the front, and `end`; nothing when `end` does not come.
std::string_view take_until(std::string_view& line, std::string_view end) {
  const auto at = line.find(end);
  if (at == std::string_view::npos) return {};
  const auto taken = line.substr(0, at);
  line.remove_prefix(at + end.size());
  return taken;
}

// Takes a text in quotes from the front; a backslash keeps the quote behind it from ending the text.
std::optional<std::string_view> take_quoted(std::string_view& line) {
  if (!line.starts_with('"')) return std::nullopt;
  auto end = line.find_first_of("\"\\", 1);
  while (end != std::string_view::npos && line[end] == '\\') end = line.find_first_of("\"\\", end + 2);
  if (end == std::string_view::npos) return std::nullopt;
  const auto taken = line.substr(1, end - 1);
  line.remove_prefix(end + 1);
  return taken;
}

bool take_space(std::string_view& line) {
  if (!line.starts_with(' ')) return false;
  line.remove_prefix(1);
  return true;
}

bool is_address(std::string_view word) {
  const std::string text(word);
  in6_addr room;
  return inet_pton(AF_INET, text.c_str(), &room) == 1 || inet_pton(AF_INET6, text.c_str(), &room) == 1;
}

// Drops a first word `name:port` before an address: Apache's vhost_combined begins so.
void drop_virtual_host(std::string_view& line) {
  const auto host = line.substr(0, line.find(' '));
  const auto colon = host.rfind(':');
  if (host.size() == line.size() || colon == std::string_view::npos || colon == 0 ||
      !all_digits(host.substr(colon + 1)))
    return;
  const auto rest = line.substr(host.size() + 1);
  if (is_address(rest.substr(0, rest.find(' ')))) line = rest;
}

// Identity and user are two words; a user's name may hold spaces.
bool are_identity_and_user(std::string_view words) {
  const auto space = words.find(' ');
  return space != std::string_view::npos && space > 0 && space + 1 < words.size();
}

bool take_status_and_size(std::string_view& line, std::string_view& status) {
  status = take_until(line, " ");
  const auto size = line.substr(0, line.find(' '));
  line.remove_prefix(size.size());
  return status.size() == 3 && all_digits(status) && (size == "-" || all_digits(size));
}

bool take_referrer_and_agent(std::string_view& line, log_line& parts) {
  if (!take_space(line)) return line.empty();
  parts.referrer = take_quoted(line);
  if (!parts.referrer || !take_space(line)) return false;
  parts.agent = take_quoted(line);
  return parts.agent && (line.empty() || line.front() == ' ');
}

}  // namespace

std::optional<log_line> parse_log_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  drop_virtual_host(line);
  log_line parts;
  parts.address = take_until(line, " ");
  if (parts.address.empty() || !are_identity_and_user(take_until(line, " ["))) return std::nullopt;
  parts.time = take_until(line, "] ");
  const auto request = take_quoted(line);
  if (!request || !take_space(line)) return std::nullopt;
  parts.request = *request;
  if (!take_status_and_size(line, parts.status) || !take_referrer_and_agent(line, parts)) return std::nullopt;
  return parts;
}

std::optional<std::string_view> target_of_get(std::string_view request) {
  constexpr std::string_view method = "GET ";
  if (!request.starts_with(method)) return std::nullopt;
  request.remove_prefix(method.size());
  const auto protocol = request.rfind(" HTTP/");
  return request.substr(0, protocol);
}

}  // namespace weir
