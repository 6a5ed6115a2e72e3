#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::test {

/// What a server on loopback sends back for these bytes, until it closes.
inline std::string exchange(const std::string& address, std::string_view bytes) {
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    close(s);
    throw std::runtime_error("no server at " + address);
  }
  for (std::string_view rest = bytes; !rest.empty();) {
    const auto sent = send(s, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::string all;
  char buffer[4096];
  for (ssize_t got; (got = recv(s, buffer, sizeof buffer, 0)) > 0;)
    all.append(buffer, static_cast<std::size_t>(got));
  close(s);
  return all;
}

struct reply {
  int status = 0;
  std::string head, body;
};

inline reply ask(const std::string& address, const std::string& method, const std::string& path,
                 const std::string& headers = {}) {
  const auto all =
      exchange(address, method + " " + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + headers + "\r\n");
  const auto end = all.find("\r\n\r\n");
  if (!all.starts_with("HTTP/1.1 ") || end == all.npos) throw std::runtime_error("no HTTP: " + all);
  return {std::stoi(all.substr(9, 3)), all.substr(0, end), all.substr(end + 4)};
}

}  // namespace weir::test
