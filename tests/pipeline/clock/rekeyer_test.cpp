#include "pipeline/clock/rekeyer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipeline/base/codec.hpp"
#include "pipeline/clock/rekeyed_record.hpp"

using namespace weir;

namespace {

constexpr std::int64_t noon = 1'704'110'400'000;  // 2024-01-01T12:00:00Z
constexpr std::int64_t second = 1'000;

struct rekeyer_fixture {
  rules settings;
  enricher enrichment{settings, no_enrichment()};
  outbox records;
  std::int64_t highest = -unlimited;
  rekeyer reader{{"clicks", 3, {}, false, true, {}, {}, {}}, settings, enrichment};

  static std::string view(const std::string& session, std::int64_t time) {
    return R"({"event_id":"e","event_type":"page_view","session_id":")" + session + R"(","timestamp":)" +
           std::to_string(time) + R"(,"page_url":"https://shop.example/"})";
  }
  rekeyed_record last() { return decode_rekeyed_record(records.value(records.records().back())); }
  std::string key() { return std::string(records.key(records.records().back())); }
};

}  // namespace

TEST_CASE_FIXTURE(rekeyer_fixture, "a record goes on under its session's id, as it came, with its place") {
  const auto payload = view("s1", noon);
  reader.take(41, noon + second, payload, highest, records);
  CHECK(key() == "s1");
  const auto r = last();
  CHECK(r.topic == "clicks");
  CHECK(r.partition == 3);
  CHECK(r.offset == 41);
  CHECK(r.time == noon + second);
  CHECK(r.payload == payload);
  CHECK(r.whole());
}

TEST_CASE_FIXTURE(rekeyer_fixture, "it carries the watermark that the records before it made") {
  reader.take(0, noon, view("s", noon), highest, records);
  CHECK(last().watermark < 0);
  reader.take(1, noon + 60 * second, view("s", noon + 50 * second), highest, records);
  CHECK(last().watermark == noon - settings.time.max_out_of_orderness);
  reader.take(2, noon + 60 * second, view("s", noon - 900 * second), highest, records);
  CHECK(last().watermark == noon + 50 * second - settings.time.max_out_of_orderness);
  reader.take(3, noon + 60 * second, view("s", noon), highest, records);
  CHECK(last().watermark == noon + 50 * second - settings.time.max_out_of_orderness);
}

TEST_CASE_FIXTURE(rekeyer_fixture, "what is invalid goes on under its place and moves no clock") {
  reader.take(7, noon, "no json", highest, records);
  CHECK(key() == "3|7");
  CHECK(last().payload == "no json");
  CHECK(highest == -unlimited);
}

TEST_CASE_FIXTURE(rekeyer_fixture, "of what is too large enough goes on for its dead letter") {
  const auto large = view(std::string(2 << 20, 's'), noon);
  reader.take(8, noon, large, highest, records);
  const auto r = last();
  CHECK_FALSE(r.whole());
  CHECK(r.size == large.size());
  CHECK(r.payload == large.substr(0, dead_letter_max_payload + 1));
  CHECK(key() == "3|8");
}

TEST_CASE_FIXTURE(rekeyer_fixture, "its dead letter says how large it was and where it stood") {
  const auto large =
      std::string(1'000'000, 'x');  // less than validation.max_bytes, more than an output holds
  reader.take(9, noon, large, highest, records);
  const auto r = last();
  outbox letters;
  contributions kpis;
  intake_counts counts;
  intake next({"clicks", 3, {}, false, true, {}, {}, {}}, settings, enrichment);
  arena texts;
  event e;
  stamp at;
  CHECK_FALSE(next.take({100, r.offset, r.time, r.payload, r.size}, r.watermark, highest, texts, e, at,
                        {letters, kpis, counts, {}}));
  CHECK(counts.dead[static_cast<std::size_t>(reason::oversize)] == 1);
  CHECK(letters.key(letters.records().back()) == "clicks|3|9");
  const auto value = std::string(letters.value(letters.records().back()));
  CHECK(value.find("1000000 bytes") != std::string::npos);
  CHECK(value.find(std::to_string(rekeyed_max_bytes(settings)) + " bytes") != std::string::npos);
}

TEST_CASE("bytes that are no re-keyed record are refused") {
  CHECK_THROWS_AS(decode_rekeyed_record(""), decode_error);
  CHECK_THROWS_AS(decode_rekeyed_record("\x02x"), decode_error);
}
