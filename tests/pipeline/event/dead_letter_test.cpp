#include "pipeline/event/dead_letter.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "pipeline/base/base64.hpp"
#include "pipeline/event/json_scan.hpp"

using namespace weir;

namespace {

constexpr record_source source{"topic_web_events", 3, 42, 1708252200250};

struct letter {
  std::string key, value;
  output topic;
  std::int32_t partition;
};

letter write(std::string_view payload,
             const fault& what = {reason::malformed_json, {}, "expected JSON, got \"x\""}) {
  outbox out;
  write_dead_letter(what, source, payload, out);
  REQUIRE(out.records().size() == 1);
  const auto& record = out.records().front();
  CHECK(scan_json(out.value(record), 100).what == json_scan::verdict::valid);
  CHECK(out.value(record).size() < 900 * 1024);
  return {std::string(out.key(record)), std::string(out.value(record)), record.topic, record.partition};
}

// The text of a member that needs no escapes.
std::string member(const std::string& json, const std::string& name) {
  const auto at = json.find("\"" + name + "\":\"");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return json.substr(begin, json.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("dead letters of timers of one partition have keys of their own; the source is the same") {
  outbox out;
  for (const auto* key : {"shop|a", "shop|b"})
    write_dead_letter({reason::internal_error, {}, "x"}, {"topic_web_events", 3, -1, 0, key}, "", out);
  REQUIRE(out.records().size() == 2);
  const auto &a = out.records()[0], &b = out.records()[1];
  CHECK(out.key(a) == "topic_web_events|3|-1|shop|a");
  CHECK(out.key(b) == "topic_web_events|3|-1|shop|b");
  CHECK(out.value(a) == out.value(b));
}

TEST_CASE("every reason has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(reason::count_); ++i)
    names.insert(to_string(static_cast<reason>(i)));
  CHECK(names.size() == static_cast<std::size_t>(reason::count_));
  CHECK(to_string(reason::malformed_json) == "malformed_json");
  CHECK(to_string(reason::timestamp_too_old) == "timestamp_too_old");
  CHECK(to_string(reason::internal_error) == "internal_error");
}

TEST_CASE("a dead letter says what was wrong, where it came from and what it was") {
  const auto x = write("{\"a\":1", {reason::wrong_type, "page_url", "page_url: expected a, got \"b\""});
  CHECK(x.topic == output::dlq);
  CHECK(x.partition == -1);
  CHECK(x.key == "topic_web_events|3|42");
  CHECK(x.value.starts_with(
      R"({"reason":"wrong_type","field":"page_url","message":"page_url: expected a, got \"b\"",)"
      R"("source":{"topic":"topic_web_events","partition":3,"offset":42,"timestamp":1708252200250},)"
      R"("payload":"{\"a\":1","weir_version":")"));
}

TEST_CASE("a fault of the whole record has no field") {
  CHECK(write("x").value.find(R"("field":null,)") != std::string::npos);
}

TEST_CASE("a letter whose payload must not be written says so") {
  outbox out;
  write_dead_letter({reason::malformed_json, {}, "x"}, source, std::nullopt, out);
  const auto value = out.value(out.records().front());
  CHECK(value.find(R"(,"payload_withheld":true,"weir_version":")") != std::string::npos);
  CHECK(value.find(R"("payload":)") == std::string::npos);
  CHECK(write("").value.find("payload_withheld") == std::string::npos);
}

TEST_CASE("a payload that is not UTF-8 goes as base64") {
  const std::string bytes("\xff\x00\x01", 3);
  const auto x = write(bytes);
  CHECK(member(x.value, "payload_encoding") == "base64");
  CHECK(decode_base64(member(x.value, "payload")) == bytes);
}

TEST_CASE("a payload of more than 256 KiB is cut between two characters") {
  const std::string exact(256 * 1024, 'a');
  CHECK(member(write(exact).value, "payload") == exact);
  CHECK(write(exact).value.find("truncated") == std::string::npos);
  std::string umlauts = "x";
  for (int i = 0; i < 200'000; ++i) umlauts += "\xc3\xa4";
  const auto x = write(umlauts);
  CHECK(x.value.find(R"("payload_truncated":true)") != std::string::npos);
  CHECK(member(x.value, "payload") == umlauts.substr(0, 256 * 1024 - 1));
  const std::string bytes(300'000, '\xff');
  CHECK(decode_base64(member(write(bytes).value, "payload")) == bytes.substr(0, 256 * 1024));
}

TEST_CASE("a payload that escapes would make too long goes as base64") {
  const std::string controls(250'000, '\x01');
  const auto x = write(controls);
  CHECK(member(x.value, "payload_encoding") == "base64");
  CHECK(decode_base64(member(x.value, "payload")) == controls);
}

TEST_CASE("the topics that a task writes have their names") {
  CHECK(to_string(output::events) == "weir.events");
  CHECK(to_string(output::sessions) == "weir.sessions");
  CHECK(to_string(output::late) == "weir.late");
  CHECK(to_string(output::dlq) == "weir.dlq");
  CHECK(to_string(output::partials) == "weir.partials");
  CHECK(to_string(output::gold) == "weir.gold");
}
