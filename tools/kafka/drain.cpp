#include "tools/kafka/drain.hpp"

#include <civetweb.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

namespace weir {

namespace {

constexpr std::chrono::milliseconds look_again(500);
constexpr std::chrono::minutes longest(5);

/// The answer's status; nothing when no one answers, then `fault` says why.
std::optional<int> ask(const std::string& address, const char* method, const char* path, std::string& fault) {
  const auto colon = address.rfind(':');
  auto host = address.substr(0, colon);
  if (host == "0.0.0.0" || host.empty()) host = "127.0.0.1";
  const auto port = colon == std::string::npos ? 0 : std::atoi(address.c_str() + colon + 1);
  char reason[256] = {};
  auto* answer = mg_download(host.c_str(), port, 0, reason, sizeof reason,
                             "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                             method, path, address.c_str());
  if (!answer) {
    fault = reason;
    return std::nullopt;
  }
  const int status = mg_get_response_info(answer)->status_code;
  mg_close_connection(answer);
  return status;
}

}  // namespace

int drain(const settings& s, const drain_options& options) {
  const auto& address = options.url.empty() ? s.http.listen : options.url;
  std::string fault;
  const auto status = ask(address, "POST", "/admin/drain", fault);
  if (!status) {
    fmt::print(stderr, "weir drain: no node answers at {}: {}; check http.listen, or name it with --at\n",
               address, fault);
    return 1;
  }
  if (*status != 202) {
    fmt::print(stderr, "weir drain: {} answered with status {}, expected 202: is that a node of weir?\n",
               address, *status);
    return 1;
  }
  fmt::print("{} drains: it gives its tasks to other nodes, and ends\n", address);
  if (options.no_wait) return 0;
  const auto until = std::chrono::steady_clock::now() + longest;
  while (ask(address, "GET", "/health/live", fault)) {
    if (std::chrono::steady_clock::now() > until) {
      fmt::print(stderr, "weir drain: {} still runs after {} minutes\n", address, longest.count());
      return 1;
    }
    std::this_thread::sleep_for(look_again);
  }
  fmt::print("it has ended\n");
  return 0;
}

}  // namespace weir
