#include "tools/kafka/dead_letter_view.hpp"

#include <doctest/doctest.h>

#include "pipeline/event/dead_letter.hpp"

using namespace weir;

namespace {

dead_letter_view read_back(const std::string& text) {
  json_fields json;
  const auto letter = parse_dead_letter(text, json);
  REQUIRE(letter);
  return *letter;
}

dead_letter_view written(std::optional<std::string_view> payload) {
  outbox out;
  write_dead_letter({reason::missing_field, "event_id", "event_id: expected"}, {"web", 3, 17, 9000}, payload,
                    out);
  return read_back(std::string(out.value(out.records().front())));
}

}  // namespace

TEST_CASE("a dead letter is read back as it was written") {
  const auto letter = written("{\"a\":\"\\u0000\\\"\n\"}");
  CHECK(letter.reason == "missing_field");
  CHECK(letter.field == "event_id");
  CHECK(letter.message == "event_id: expected");
  CHECK(letter.topic == "web");
  CHECK(letter.partition == 3);
  CHECK(letter.offset == 17);
  CHECK(letter.timestamp == 9000);
  CHECK(letter.payload == "{\"a\":\"\\u0000\\\"\n\"}");
  CHECK(letter.text);
  CHECK_FALSE(letter.truncated);
  CHECK_FALSE(letter.withheld);
  CHECK_FALSE(letter.replayed_to);
}

TEST_CASE("a payload that is no text, or not whole, is known as such") {
  const std::string bytes("\x00\xff\x01", 3);
  CHECK(written(bytes).payload == bytes);
  CHECK_FALSE(written(bytes).text);
  CHECK(written(std::string(300'000, 'x')).truncated);
  CHECK(written(std::nullopt).withheld);
}

TEST_CASE("the mark of a letter that was sent again says where its record stands") {
  auto letter = written("{}");
  const auto mark = read_back(replayed_mark(letter, 1000, 99));
  CHECK(mark.replayed_to == 99);
  CHECK(mark.reason == letter.reason);
  CHECK(mark.offset == letter.offset);
  CHECK(mark.payload.empty());
}

TEST_CASE("what is no dead letter is none") {
  json_fields json;
  for (const auto* text :
       {"", "[]", "{}", R"({"reason":"x"})",
        R"({"reason":"x","source":{"topic":"t","partition":0,"offset":"a","timestamp":1}})",
        R"({"reason":"x","source":{"topic":"t","partition":0,"offset":1,"timestamp":1},)"
        R"("payload":"?","payload_encoding":"base64"})"})
    CHECK_FALSE(parse_dead_letter(text, json));
}

TEST_CASE("a record that is sent again has the key of its session, or of its partial") {
  json_fields json;
  const auto key = [&](std::string_view payload) { return original_key(written(payload), json); };
  CHECK(key(R"({"session_id":"s1"})") == "s1");
  CHECK_FALSE(key(R"({"session_id":null})"));
  CHECK_FALSE(key("{"));
  auto partial = written(std::string_view("\x01\x01\x03\x04shop\x00", 9));
  partial.topic = "weir.partials";
  CHECK(original_key(partial, json) == "shop|pages|3");
  partial.payload = "\x02";
  CHECK_FALSE(original_key(partial, json));
}
