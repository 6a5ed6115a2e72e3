#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "serving/http_server.hpp"
#include "serving/node_view.hpp"

namespace weir {

/// What a node answers to those who watch it:
///
///     GET  /metrics        Prometheus' text format
///     GET  /health         200 when every check is well, else 503; JSON with each check and lane.
///                          Asks a broker
///     GET  /health/live    200, or 503 when only a restart helps
///     GET  /health/ready   200 when every lane has recovered what it is assigned, else 503
///     POST /admin/drain    202; `drain` has been called. Not for scripts of web pages: 403
///
/// `broker_trouble` tells why no broker answers, if so. `drain` must not wait for the server's end. Both are
/// called by threads of the server.
std::vector<http_server::route> node_routes(node_observer look,
                                            std::function<std::optional<std::string>()> broker_trouble,
                                            std::function<void()> drain);

}  // namespace weir
