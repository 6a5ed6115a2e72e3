#include "serving/node_routes.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "tests/serving/http_client.hpp"
#include "tests/serving/view_fixture.hpp"

using namespace weir;
using test::ask;

namespace {

struct fixture {
  node_view seen = test::well();
  std::atomic<int> drains = 0;
  std::optional<std::string> trouble;
  http_server server{"127.0.0.1:0",
                     node_routes([this] { return seen; }, [this] { return trouble; }, [this] { ++drains; }),
                     {}};
  const std::string& at = server.address();
};

}  // namespace

TEST_CASE("a node that is well answers every health check with 200") {
  fixture x;
  for (const auto* path : {"/health", "/health/live", "/health/ready"})
    CHECK(ask(x.at, "GET", path).status == 200);
  CHECK(ask(x.at, "GET", "/health/ready").body == "{\"ready\":true}\n");
}

TEST_CASE("a node that recovers is live, not ready, and its health says why") {
  fixture x;
  x.seen.lanes[0].state = lane_state::recovering;
  CHECK(ask(x.at, "GET", "/health/live").status == 200);
  CHECK(ask(x.at, "GET", "/health/ready").status == 503);
  const auto r = ask(x.at, "GET", "/health");
  CHECK(r.status == 503);
  CHECK(r.body.find("lane-00 is recovering") != std::string::npos);
}

TEST_CASE("only /health asks the broker") {
  fixture x;
  x.trouble = "no broker";
  CHECK(ask(x.at, "GET", "/health/live").status == 200);
  CHECK(ask(x.at, "GET", "/health/ready").status == 200);
  const auto r = ask(x.at, "GET", "/health");
  CHECK(r.status == 503);
  CHECK(r.body.find(R"("broker":{"ok":false,"detail":"no broker"})") != std::string::npos);
}

TEST_CASE("a node one of whose lanes has ended is not live") {
  fixture x;
  x.seen.failure = "no";
  CHECK(ask(x.at, "GET", "/health/live").status == 503);
}

TEST_CASE("metrics come as Prometheus' text") {
  fixture x;
  const auto r = ask(x.at, "GET", "/metrics");
  CHECK(r.status == 200);
  CHECK(r.head.find("Content-Type: text/plain; version=0.0.4; charset=utf-8") != std::string::npos);
  CHECK(r.body.find("# TYPE weir_events_total counter") != std::string::npos);
}

TEST_CASE("drain is called once a POST, and by nothing else") {
  fixture x;
  const auto r = ask(x.at, "POST", "/admin/drain", "Content-Length: 0\r\n");
  CHECK(r.status == 202);
  CHECK(r.body == "{\"draining\":true}\n");
  CHECK(x.drains == 1);
  CHECK(ask(x.at, "GET", "/admin/drain").status == 405);
  CHECK(ask(x.at, "POST", "/admin/drain", "Content-Length: 0\r\nOrigin: http://evil.example\r\n").status ==
        403);
  CHECK(x.drains == 1);
}
