#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

struct mg_context;
struct mg_connection;

namespace weir {

/// What a handler is told of a request. Bodies are not read: no route takes one.
struct http_request {
  std::string method, path;
  bool from_page = false;  // sent by a script of some web page: it names its Origin
};

struct http_response {
  int status = 200;
  std::string body;
  std::string type = "application/json";
};

/// `{"error":{"status":404,"message":"..."}}`
http_response http_error(int status, std::string_view message);

/// An HTTP server for a node's own few paths. What no route takes is answered with 404 or 405, a handler that
/// throws with 500, all as JSON.
///
/// Limits: `most_at_once` connections are answered at a time, some more wait; a request has `longest_ms` to
/// arrive, in at most `longest_head` bytes before its body; a body over `longest_body` is refused. Each
/// connection is for one request.
///
/// Concurrency: handlers are called by the server's threads, several at a time. Lifecycle: serves until it is
/// destroyed, which waits for handlers.
class http_server {
 public:
  static constexpr int most_at_once = 8, longest_ms = 5'000, longest_head = 16'384, longest_body = 65'536;

  struct route {
    std::string method, path;  // GET takes HEAD, too
    std::function<http_response(const http_request&)> handle;
  };
  /// `listen` is `host:port`; port 0: any free one. Throws std::runtime_error that names http.listen and the
  /// reason. `warn` is told of handlers that throw.
  http_server(const std::string& listen, std::vector<route> routes,
              std::function<void(const std::string&)> warn);
  ~http_server();
  http_server(const http_server&) = delete;

  /// Where it listens, host:port.
  const std::string& address() const { return address_; }

 private:
  static int answer(mg_connection* connection);
  http_response respond(const http_request& request, std::string& allow) const;

  const std::vector<route> routes_;
  const std::function<void(const std::string&)> warn_;
  std::string address_;
  mg_context* context_ = nullptr;
};

}  // namespace weir
