#include "pipeline/event/ip_privacy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace weir {

namespace {

constexpr std::size_t longest = INET6_ADDRSTRLEN;

std::string_view cut_ipv4(std::string_view address, arena& texts) {
  const auto network = address.substr(0, address.rfind('.') + 1);
  char* to = texts.allocate(network.size() + 1);
  std::copy(network.begin(), network.end(), to);
  to[network.size()] = '0';
  return {to, network.size() + 1};
}

bool is_mapped_ipv4(const in6_addr& address) { return IN6_IS_ADDR_V4MAPPED(&address); }

std::string_view cut_ipv6(in6_addr address, arena& texts) {
  // An IPv4 address in IPv6's clothes has its network in the last bytes, of which it loses one.
  std::fill(std::begin(address.s6_addr) + (is_mapped_ipv4(address) ? 15 : 6), std::end(address.s6_addr), 0);
  std::array<char, longest> buffer;
  return texts.keep(inet_ntop(AF_INET6, &address, buffer.data(), buffer.size()));
}

// Four decimal numbers up to 255 without leading zeros, as inet_pton asks; it comes with every event.
bool is_ipv4(std::string_view address) {
  int dots = 0, digits = 0, x = 0;
  for (const char c : address) {
    if (c == '.') {
      if (digits == 0 || ++dots > 3) return false;
      digits = x = 0;
      continue;
    }
    if (c < '0' || c > '9' || (digits > 0 && x == 0)) return false;
    x = 10 * x + (c - '0');
    if (++digits > 3 || x > 255) return false;
  }
  return dots == 3 && digits > 0;
}

std::string_view cut(std::string_view address, arena& texts) {
  if (is_ipv4(address)) return cut_ipv4(address, texts);
  std::array<char, longest> terminated{};
  if (address.size() >= terminated.size()) return {};
  std::copy(address.begin(), address.end(), terminated.begin());
  in6_addr v6;
  return inet_pton(AF_INET6, terminated.data(), &v6) == 1 ? cut_ipv6(v6, texts) : std::string_view();
}

}  // namespace

std::string_view private_ip(ip_privacy privacy, std::string_view address, arena& texts) {
  if (privacy == ip_privacy::keep || address.empty()) return address;
  return privacy == ip_privacy::drop ? std::string_view() : cut(address, texts);
}

}  // namespace weir
