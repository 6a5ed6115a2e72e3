#include "pipeline/event/private_payload.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace weir;

namespace {

struct setting {
  rules r;
  std::string scratch;
  std::string of(std::string_view payload, bool unreadable = false, id_privacy* ids = nullptr) {
    return std::string(private_payload(payload, unreadable, r, ids, scratch));
  }
};

}  // namespace

TEST_CASE("a dead letter's payload is masked where an event is, and otherwise as it came") {
  setting s;
  CHECK(s.of(R"x({"page_url": "https://x.de/?m=ann@x.de","referrer":"https://y.de/?p=%2B4930123456"})x") ==
        R"x({"page_url": "https://x.de/?m=(email)","referrer":"https://y.de/?p=(phone)"})x");
  CHECK(s.of(R"x({"form_fields":{"m":"ann@x.de","ann@x.de":[4111111111111111]},"title":"ann@x.de"})x") ==
        R"x({"form_fields":{"m":"(email)","(email)":["(card)"]},"title":"ann@x.de"})x");
  CHECK(s.of(R"x({"ip_address":"1.2.3.4","timestamp":"x"})x") ==
        R"x({"ip_address":"1.2.3.0","timestamp":"x"})x");
  CHECK(s.of(R"x({"ip_address":["1.2.3.4"],"a":{"page_url":{"b":["/?ann@x.de"]}},"c":"ann@x.de"})x") ==
        R"x({"ip_address":["1.2.3.0"],"a":{"page_url":{"b":["/?(email)"]}},"c":"ann@x.de"})x");
  CHECK(s.of(R"x({"form_fields":"ann@x.de","x":"ann@x.de","page_url":5})x") ==
        R"x({"form_fields":"(email)","x":"ann@x.de","page_url":5})x");
}

TEST_CASE("names and values with escapes are understood") {
  setting s;
  CHECK(s.of(R"x({"page\u005furl":"https://x.de/?m=ann\u0040x.de"})x") ==
        R"x({"page\u005furl":"https://x.de/?m=(email)"})x");
}

TEST_CASE("with privacy off the payload stays as it came") {
  setting s;
  s.r.mask_pii = false;
  s.r.ip = ip_privacy::keep;
  const auto* payload = R"({"page_url":"https://x.de/?m=ann@x.de","form_fields":{"m":"ann@x.de"},)"
                        R"("ip_address":"1.2.3.4"})";
  CHECK(s.of(payload) == payload);
  CHECK(s.of(payload, true) == payload);
}

TEST_CASE("what is no JSON is masked as a whole, and still by its names") {
  setting s;
  const auto masked = s.of(R"({"title":"ann@x.de" "ip_address":"1.2.3.4)", true);
  CHECK(masked == R"x({"title":"(email)" "ip_address":"1.2.3.0")x");
  CHECK(s.of(R"(ann@x.de {"a)", true) == R"x((email) {"a)x");
}

TEST_CASE("the address of a log's line is cut, with a virtual host before it, too") {
  setting s;
  CHECK(s.of("1.2.3.4 - ann [broken", true) == "1.2.3.0 - ann [broken");
  CHECK(s.of("www.x.de:443 2001:db8:1:2::3 - - [", true) == "www.x.de:443 2001:db8:1:: - - [");
  s.r.ip = ip_privacy::drop;
  CHECK(s.of("1.2.3.4 - - [broken", true) == "- - - [broken");
}

TEST_CASE("ids are hashed and marked, and a marked id is read as the hash that it holds") {
  setting s;
  id_privacy ids("secret");
  arena texts;
  const std::string hash(ids.hashed("ann", texts));
  CHECK(hash.size() == 64);
  const auto letter = s.of(R"({"user_id":"ann","visitor_id":7,"x":{"user_id":"x"}})", false, &ids);
  CHECK(letter == "{\"user_id\":\"hmac-sha-256:" + hash + "\",\"visitor_id\":\"" + ids.marked("7") +
                      "\",\"x\":{\"user_id\":\"x\"}}");
  CHECK(s.of(letter, false, &ids) == letter);
  CHECK(s.of(R"({"user_id":["ann"],"x":"ann"})", false, &ids) ==
        "{\"user_id\":[\"hmac-sha-256:" + hash + "\"],\"x\":\"ann\"}");
  CHECK(ids.hashed("hmac-sha-256:" + hash, texts) == hash);
  CHECK(ids.hashed("hmac-sha-256:short", texts) != "short");
}

TEST_CASE("what is masked beside bytes that are no UTF-8 has nothing left to mask") {
  setting s;
  const auto once = s.of("{\"page_url\":\"https://x.de/?m=ann%40x.\xff&p=%2B4930123456\"}");
  CHECK(s.of(once) == once);
  CHECK(once.find("4930123456") == std::string::npos);
  const auto form = s.of("{\"form_fields\":{\"m\":\"ann@x.\xff +4930123456\"}}");
  CHECK(s.of(form) == form);
}
