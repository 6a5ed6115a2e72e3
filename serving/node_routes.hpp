#pragma once

#include <functional>
#include <vector>

#include "serving/http_server.hpp"
#include "serving/node_view.hpp"

namespace weir {

/// What a node answers to those who watch it:
///
///     GET  /metrics        Prometheus' text format
///     GET  /health         200 when every check is well, else 503; JSON with each check and lane
///     GET  /health/live    200, or 503 when only a restart helps
///     GET  /health/ready   200 when every lane has recovered what it is assigned, else 503
///     POST /admin/drain    202; `drain` has been called. Not for scripts of web pages: 403
///
/// `drain` is called by a thread of the server and must not wait for the server's end.
std::vector<http_server::route> node_routes(node_observer look, std::function<void()> drain);

}  // namespace weir
