#include "serving/node_routes.hpp"

#include "serving/health.hpp"
#include "serving/node_metrics.hpp"

namespace weir {

namespace {

http_response yes_or_no(std::string_view what, bool yes) {
  return {yes ? 200 : 503, "{\"" + std::string(what) + (yes ? "\":true}\n" : "\":false}\n")};
}

http_response drain(const http_request& request, const std::function<void()>& begin) {
  if (request.from_page)
    return http_error(403, "a request without Origin was expected: this is not for scripts of web pages");
  begin();
  return {202, "{\"draining\":true}\n"};
}

}  // namespace

std::vector<http_server::route> node_routes(node_observer look,
                                            std::function<std::optional<std::string>()> broker_trouble,
                                            std::function<void()> begin_drain) {
  return {
      {"GET", "/metrics",
       [look](const http_request&) {
         return http_response{200, node_metrics(look).text(), "text/plain; version=0.0.4; charset=utf-8"};
       }},
      {"GET", "/health",
       [look, broker_trouble = std::move(broker_trouble)](const http_request&) {
         auto seen = look();
         seen.broker_trouble = broker_trouble();
         const auto h = assess(seen);
         return http_response{h.ok() ? 200 : 503, to_json(h, seen)};
       }},
      {"GET", "/health/live", [look](const http_request&) { return yes_or_no("live", assess(look()).live); }},
      {"GET", "/health/ready",
       [look](const http_request&) { return yes_or_no("ready", assess(look()).ready); }},
      {"POST", "/admin/drain",
       [begin_drain = std::move(begin_drain)](const http_request& r) { return drain(r, begin_drain); }},
  };
}

}  // namespace weir
