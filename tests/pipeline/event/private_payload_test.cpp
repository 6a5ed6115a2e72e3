#include "pipeline/event/private_payload.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace weir;

namespace {

struct setting {
  rules r;
  std::string scratch;
  std::string of(std::string_view payload, id_privacy* ids = nullptr, bool line = false) {
    return std::string(private_payload(payload, line, r, ids, scratch).value_or("withheld"));
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
  for (const auto* text : {payload, "no JSON ann@x.de 1.2.3.4"}) {
    CHECK(s.of(text) == text);
    CHECK(s.of(text, nullptr, true) == text);
  }
}

TEST_CASE("what is no JSON object is masked as a whole, and still by its names") {
  setting s;
  const auto masked = s.of(R"({"title":"ann@x.de" "ip_address":"1.2.3.4)");
  CHECK(masked == R"x({"title":"(email)" "ip_address":"1.2.3.0")x");
  CHECK(s.of(R"(ann@x.de {"a)") == R"x((email) {"a)x");
  CHECK(s.of(R"(["ann@x.de"])") == R"x(["(email)"])x");
}

TEST_CASE("what is no JSON object has all its addresses cut, wherever they stand") {
  setting s;
  CHECK(s.of("{'event_id': 'e1', 'ip_address': '203.0.113.7'}") ==
        "{'event_id': 'e1', 'ip_address': '203.0.113.0'}");
  CHECK(s.of(R"({"page_title":"32" monitor","ip_address":"203.0.113.7"})") ==
        R"({"page_title":"32" monitor","ip_address":"203.0.113.0"})");
  CHECK(s.of(R"([{"ip":"203.0.113.7"}])") == R"([{"ip":"203.0.113.0"}])");
  CHECK(s.of(R"({"other":"203.0.113.7"})") == R"({"other":"203.0.113.7"})");
}

TEST_CASE("the addresses of a log's line are cut, whichever words they are, of one that is JSON, too") {
  setting s;
  const auto line = [&](std::string_view text) { return s.of(text, nullptr, true); };
  CHECK(line("1.2.3.4 - ann [broken") == "1.2.3.0 - ann [broken");
  CHECK(line("www.x.de:443 2001:db8:1:2::3 - - [") == "www.x.de:443 2001:db8:1:: - - [");
  CHECK(line("2024-02-18 10:30:00 10.0.0.5 GET / - 443 - 203.0.113.7 Mozilla/5.0") ==
        "2024-02-18 10:30:00 10.0.0.0 GET / - 443 - 203.0.113.0 Mozilla/5.0");
  CHECK(line(R"({"remote_addr":"203.0.113.7"})") == R"({"remote_addr":"203.0.113.0"})");
  s.r.ip = ip_privacy::drop;
  CHECK(line("1.2.3.4 - - [broken") == "- - - [broken");
}

TEST_CASE("where ids are hashed, what is no JSON object is withheld: no one can find the ids in it") {
  setting s;
  id_privacy ids("secret");
  const std::string record = R"({"user_id":"ann","a":1})";
  const std::vector<std::string> unreadable{"{'user_id': 'ann'}",
                                            R"({"title":"32" monitor","user_id":"ann"})",
                                            "[" + record + "]",
                                            record + record,
                                            "\xff" + record,
                                            record.substr(0, record.size() - 1),
                                            R"("{\"user_id\":\"ann\"}")",
                                            "ann",
                                            ""};
  for (const auto& payload : unreadable) {
    CAPTURE(payload);
    CHECK(s.of(payload, &ids) == "withheld");
  }
  CHECK(s.of(record, &ids, true) == "withheld");
  CHECK(s.of(" \n" + record + " ", &ids).find("hmac-sha-256:") != std::string::npos);
}

TEST_CASE("ids are hashed and marked, and a marked id is read as the hash that it holds") {
  setting s;
  id_privacy ids("secret");
  arena texts;
  const std::string hash(ids.hashed("ann", texts));
  CHECK(hash.size() == 64);
  const auto letter = s.of(R"({"user_id":"ann","visitor_id":7,"x":{"user_id":"x"}})", &ids);
  CHECK(letter == "{\"user_id\":\"hmac-sha-256:" + hash + "\",\"visitor_id\":\"" + ids.marked("7") +
                      "\",\"x\":{\"user_id\":\"x\"}}");
  CHECK(s.of(letter, &ids) == letter);
  CHECK(s.of(R"({"user_id":["ann"],"x":"ann"})", &ids) ==
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
