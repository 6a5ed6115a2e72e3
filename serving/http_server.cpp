#include "serving/http_server.hpp"

#include <civetweb.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "pipeline/base/json_writer.hpp"

namespace weir {

namespace {

void send(mg_connection* connection, const http_response& r, const std::string& allow, bool with_body) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", r.status,
                                mg_get_response_code_text(connection, r.status), r.type, r.body.size());
  if (!allow.empty()) out += fmt::format("Allow: {}\r\n", allow);
  out += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
  if (with_body) out += r.body;
  mg_write(connection, out.data(), out.size());
}

/// What civetweb itself refuses: requests that it cannot read.
int refuse(mg_connection* connection, int status, const char* message) {
  mg_disable_connection_keep_alive(connection);
  send(connection, http_error(status, message), {}, true);
  return 0;
}

/// What civetweb logs while a server starts, on the thread that starts it: the reason why it does not. Later
/// it logs faults of clients, which are theirs.
thread_local std::string start_log;
thread_local bool starting = false;

int note(const mg_connection*, const char* message) {
  if (starting) start_log.append(start_log.empty() ? "" : "; ").append(message);
  return 1;
}

mg_context* start(mg_init_data& init, const std::string& listen) {
  char why[256] = "";
  unsigned code = 0;
  mg_error_data error{&code, why, sizeof why};
  start_log.clear();
  starting = true;
  auto* context = mg_start2(&init, &error);
  starting = false;
  if (!context)
    throw std::runtime_error(fmt::format("http.listen: cannot listen on {}: {}", listen,
                                         start_log.empty() ? std::string(why) : start_log));
  return context;
}

/// A body that a request declares and that is longer than any route could want, or of a length not told.
int refused_body(const mg_request_info& info, const char* encoding) {
  if (info.content_length > http_server::longest_body) return 413;
  return encoding ? 411 : 0;
}

}  // namespace

http_response http_error(int status, std::string_view message) {
  http_response r{status, {}};
  json_writer json(r.body);
  json.begin_object().name("error").begin_object();
  json.field("status", status).field("message", message).end_object().end_object();
  r.body += '\n';
  return r;
}

http_server::http_server(const std::string& listen, std::vector<route> routes,
                         std::function<void(const std::string&)> warn)
    : routes_(std::move(routes)), warn_(std::move(warn)) {
  mg_init_library(0);
  const auto at_once = std::to_string(most_at_once), time = std::to_string(longest_ms),
             head = std::to_string(longest_head);
  // Without a document root no file is served. Cross-origin requests get no permission from civetweb.
  std::array options{"listening_ports",
                     listen.c_str(),
                     "num_threads",
                     at_once.c_str(),
                     "request_timeout_ms",
                     time.c_str(),
                     "max_request_size",
                     head.c_str(),
                     "enable_keep_alive",
                     "no",
                     "enable_directory_listing",
                     "no",
                     "access_control_allow_origin",
                     "",
                     "access_control_allow_methods",
                     "",
                     static_cast<const char*>(nullptr)};
  mg_callbacks callbacks{};
  callbacks.begin_request = answer;
  callbacks.http_error = refuse;
  callbacks.log_message = note;
  mg_init_data init{&callbacks, this, options.data()};
  try {
    context_ = start(init, listen);
  } catch (...) {
    mg_exit_library();
    throw;
  }
  mg_server_port port{};
  mg_get_server_ports(context_, 1, &port);
  address_ = fmt::format("{}:{}", listen.substr(0, listen.rfind(':')), port.port);
}

http_server::~http_server() {
  mg_stop(context_);
  mg_exit_library();
}

int http_server::answer(mg_connection* connection) {
  const auto& info = *mg_get_request_info(connection);
  const auto& self = *static_cast<const http_server*>(info.user_data);
  const http_request request{info.request_method, info.local_uri,
                             mg_get_header(connection, "Origin") != nullptr};
  std::string allow;
  auto response = http_error(411, "the length of the body was expected");
  const int refused = refused_body(info, mg_get_header(connection, "Transfer-Encoding"));
  if (refused == 413)
    response = http_error(413, fmt::format("a body of at most {} bytes was expected, got {}", longest_body,
                                           info.content_length));
  else if (refused == 0)
    response = self.respond(request, allow);
  mg_disable_connection_keep_alive(connection);
  send(connection, response, allow, request.method != "HEAD");
  return response.status;
}

http_response http_server::respond(const http_request& request, std::string& allow) const {
  const auto method = request.method == "HEAD" ? "GET" : request.method;
  for (const auto& r : routes_) {
    if (r.path != request.path) continue;
    if (r.method == method) try {
        allow.clear();
        return r.handle(request);
      } catch (const std::exception& x) {
        warn_(fmt::format("{} {} failed: {}", request.method, request.path, x.what()));
        return http_error(500, "the request failed; the node's log says how");
      }
    allow += allow.empty() ? r.method : ", " + r.method;
    if (r.method == "GET") allow += ", HEAD";
  }
  if (!allow.empty())
    return http_error(405, fmt::format("{} takes {}, got {}", request.path, allow, request.method));
  return http_error(404, "there is nothing at this path");
}

}  // namespace weir
