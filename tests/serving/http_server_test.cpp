#include "serving/http_server.hpp"

#include <doctest/doctest.h>

#include "tests/serving/http_client.hpp"

using namespace weir;
using test::ask;

namespace {

struct fixture {
  std::vector<std::string> warnings;
  http_server server{
      "127.0.0.1:0",
      {{"GET", "/it",
        [](const http_request&) {
          return http_response{200, "{\"it\":1}\n"};
        }},
       {"POST", "/it",
        [](const http_request& r) {
          return http_response{202, r.from_page ? "page" : "tool"};
        }},
       {"GET", "/fails", [](const http_request&) -> http_response { throw std::runtime_error("why"); }}},
      [this](const std::string& what) { warnings.push_back(what); }};
  const std::string& at = server.address();
};

}  // namespace

TEST_CASE("a route is answered, at a free port when port 0 is asked for") {
  fixture x;
  CHECK(x.at != "127.0.0.1:0");
  const auto r = ask(x.at, "GET", "/it?query=is+ignored");
  CHECK(r.status == 200);
  CHECK(r.body == "{\"it\":1}\n");
  CHECK(r.head.find("Content-Type: application/json") != std::string::npos);
}

TEST_CASE("HEAD gets the length of what GET gets, and no body") {
  fixture x;
  const auto r = ask(x.at, "HEAD", "/it");
  CHECK(r.status == 200);
  CHECK(r.head.find("Content-Length: 9") != std::string::npos);
  CHECK(r.body.empty());
}

TEST_CASE("what no route takes is 404, or 405 with what is allowed, as JSON") {
  fixture x;
  const auto nothing = ask(x.at, "GET", "/etc/passwd");
  CHECK(nothing.status == 404);
  CHECK(nothing.body == "{\"error\":{\"status\":404,\"message\":\"there is nothing at this path\"}}\n");
  const auto wrong = ask(x.at, "DELETE", "/it");
  CHECK(wrong.status == 405);
  CHECK(wrong.head.find("Allow: GET, HEAD, POST") != std::string::npos);
  CHECK(wrong.body == "{\"error\":{\"status\":405,\"message\":\"/it takes GET, HEAD, POST, got DELETE\"}}\n");
}

TEST_CASE("a page of another origin is seen as one, and gets no permission") {
  fixture x;
  CHECK(ask(x.at, "POST", "/it", "Content-Length: 0\r\n").body == "tool");
  CHECK(ask(x.at, "POST", "/it", "Content-Length: 0\r\nOrigin: http://evil.example\r\n").body == "page");
  const auto asked =
      ask(x.at, "OPTIONS", "/it", "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n");
  CHECK(asked.status == 405);
  CHECK(asked.head.find("Access-Control-Allow") == std::string::npos);
}

TEST_CASE("a handler that throws is 500, and the log is told why") {
  fixture x;
  const auto r = ask(x.at, "GET", "/fails");
  CHECK(r.status == 500);
  CHECK(r.body.find("why") == std::string::npos);
  REQUIRE(x.warnings.size() == 1);
  CHECK(x.warnings[0] == "GET /fails failed: why");
}

TEST_CASE("bodies and heads over the limits are refused") {
  fixture x;
  CHECK(ask(x.at, "POST", "/it", "Content-Length: 65537\r\n").status == 413);
  CHECK(ask(x.at, "POST", "/it", "Transfer-Encoding: chunked\r\n").status == 411);
  const auto head =
      ask(x.at, "GET", "/it", "X-Long: " + std::string(http_server::longest_head, 'x') + "\r\n");
  CHECK(head.status >= 400);
  CHECK(head.body.starts_with("{\"error\":"));
  CHECK(ask(x.at, "GET", "/it").status == 200);
}

TEST_CASE("bytes that are no HTTP are answered with 400 as JSON") {
  fixture x;
  const auto all = test::exchange(x.at, "\x16\x03\x01 hello\r\n\r\n");
  CHECK(all.starts_with("HTTP/1.1 400"));
  CHECK(all.find("{\"error\":{\"status\":400") != std::string::npos);
}

TEST_CASE("an address that is taken is told with its setting and the reason") {
  fixture x;
  CHECK_THROWS_WITH_AS(http_server(x.at, {}, {}),
                       doctest::Contains("http.listen: cannot listen on 127.0.0.1:"), std::runtime_error);
  CHECK_THROWS_WITH(http_server(x.at, {}, {}), doctest::Contains("Address already in use"));
}
