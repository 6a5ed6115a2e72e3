#include "pipeline/clock/intake.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pipeline/kpi/family.hpp"

using namespace weir;

namespace {

constexpr std::int64_t noon = 1'704'110'400'000;  // 2024-01-01T12:00:00Z, the start of a window
constexpr std::int64_t second = 1'000;

/// A partition's reader, given one batch.
struct intake_fixture {
  rules settings;
  outbox records;
  contributions kpis;
  intake_counts counts;
  std::int64_t highest = -unlimited;
  std::int64_t offset = 0;
  enricher enrichment{settings, no_enrichment()};
  intake reader{{"topic_web_events", 0, {}, false, true, {}, {}, {}}, settings, enrichment};
  intake::effects out{records, kpis, counts, {}};

  void take(std::int64_t event_time, std::int64_t record_time) {
    const auto id = std::to_string(offset);
    take("{\"event_id\":\"" + id + "\",\"event_type\":\"page_view\",\"session_id\":\"s\",\"timestamp\":" +
             std::to_string(event_time) + ",\"page_url\":\"https://shop.example/\"}",
         record_time);
  }
  void take(const std::string& payload, std::int64_t record_time) {
    arena texts;
    event e;
    stamp at;
    reader.take({offset, offset, record_time, payload, payload.size()}, reader.watermark(highest), highest,
                texts, e, at, out);
    ++offset;
  }
  /// The samples of freshness by window of arrival, in order.
  std::vector<std::pair<std::int64_t, double>> freshness() const {
    std::vector<std::pair<std::int64_t, double>> all;
    for (const auto& c : kpis.of(family::quality))
      for (std::uint32_t i = 0; i < c.count; ++i)
        if (const auto& a = kpis.additions(c)[i]; a.what == addition::kind::sample)
          all.emplace_back(c.window, a.value);
    return all;
  }
};

/// The dead letter that a record becomes, as JSON.
std::string letter_of(const std::string& payload, const rules& settings, bool access_log = false,
                      std::uint64_t size = 0) {
  outbox records;
  contributions kpis;
  intake_counts counts;
  enricher enrichment(settings, no_enrichment());
  intake reader({"web", 0, {}, access_log, true, {}, {}, {}}, settings, enrichment);
  std::int64_t highest = noon;
  arena texts;
  event e;
  stamp at;
  reader.take({0, 0, noon, payload, std::max<std::uint64_t>(size, payload.size())}, noon, highest, texts, e,
              at, {records, kpis, counts, {}});
  REQUIRE(counts.dead_letters() == 1);
  REQUIRE(records.records().size() == 1);
  return std::string(records.value(records.records().front()));
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

rules hashing() {
  rules r;
  r.user_id_secret = "secret";
  return r;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("whatever a record is refused for, its letter holds no address in full and no id that is hashed") {
  const std::string person = R"({"user_id":"alice","ip_address":"203.0.113.7"})";
  const std::string many = "[" + person + repeated("," + person, 30'000) + "]";  // over validation.max_bytes
  const std::string deep = "[" + person + "," + repeated("[", 40) + repeated("]", 40) + "]";
  const std::string python = "{'event_id': 'e1', 'user_id': 'alice', 'ip_address': '203.0.113.7'}";
  const std::string quote = R"({"page_title":"32" monitor","ip_address":"203.0.113.7","user_id":"alice"})";
  const std::string typed =
      R"({"event_id":"e","event_type":"click","timestamp":1704110400000,"session_id":"s",)"
      R"("page_url":"https://x.example/","ip_address":["203.0.113.7","10.0.0.1"]})";
  rules dropping;
  dropping.ip = ip_privacy::drop;
  for (const auto& [payload, why] :
       std::vector<std::pair<std::string, std::string>>{{many, "oversize"},
                                                        {std::string(1 << 20, ' ') + python, "oversize"},
                                                        {deep, "too_deep"},
                                                        {python, "malformed_json"},
                                                        {quote, "malformed_json"},
                                                        {"[" + person + "]", "not_an_object"},
                                                        {typed, "wrong_type"}}) {
    CAPTURE(why);
    for (const auto& r : {rules(), dropping, hashing()}) {
      const auto letter = letter_of(payload, r);
      CHECK(has(letter, "\"reason\":\"" + why + "\""));
      CHECK_FALSE(has(letter, "203.0.113.7"));
    }
    CHECK(has(letter_of(payload, hashing()), "payload_withheld") == (why != "wrong_type"));
    CHECK_FALSE(has(letter_of(payload, hashing()), "alice"));
  }
}

TEST_CASE("of a JSON object that is too large or too deep the ids are hashed and the rest stays") {
  for (const auto& more :
       {R"(,"x":")" + std::string(1 << 20, 'x') + "\"", ",\"x\":" + repeated("[", 40) + repeated("]", 40)}) {
    const auto letter = letter_of(R"({"user_id":"alice","ip_address":"203.0.113.7")" + more + "}", hashing());
    CHECK(has(letter, "hmac-sha-256:"));
    CHECK(has(letter, "203.0.113.0"));
    CHECK_FALSE(has(letter, "alice"));
  }
  const auto cut = letter_of(R"({"x":"","user_id":"alice)", hashing(), false, 100);  // of a longer record
  CHECK(has(cut, "\"oversize\""));
  CHECK(has(cut, "payload_withheld"));
}

TEST_CASE("a log of another form is cut wherever it has its addresses, and withheld where ids are hashed") {
  const std::string line = "2024-02-18 10:30:00 10.0.0.5 GET / - 443 alice 203.0.113.7 Mozilla/5.0";
  const auto letter = letter_of(line, rules(), true);
  CHECK(has(letter, "10:30:00 10.0.0.0 GET / - 443 alice 203.0.113.0 Mozilla/5.0"));
  CHECK_FALSE(has(letter, "203.0.113.7"));
  CHECK(has(letter_of(line, hashing(), true), "payload_withheld"));
  CHECK(has(letter_of(R"({"user_id":"alice"})", hashing(), true), "payload_withheld"));
}

TEST_CASE_FIXTURE(intake_fixture, "live, each valid event tells how fresh it is, in its window of arrival") {
  out.wall = noon + 10 * second;
  take(noon, noon + second);
  take(noon + 4 * second, noon + 5 * second);
  take("no json", noon + 5 * second);
  take(noon, noon + window_size);                    // arrives in the next window
  take(noon - 90'000 * second, noon + window_size);  // too late, but valid
  reader.end_batch(out);
  CHECK(counts.valid == 4);
  CHECK(counts.too_late == 1);
  const std::vector<std::pair<std::int64_t, double>> want{
      {noon, 10}, {noon, 6}, {noon + window_size, 10}, {noon + window_size, 90'010}};
  CHECK(freshness() == want);
  reader.end_batch(out);
  CHECK(freshness() == want);  // told once
}

TEST_CASE_FIXTURE(intake_fixture,
                  "live, what comes with an old broker time counts where its partition has got to") {
  out.wall = noon + window_size;
  take(noon + window_size, noon + window_size);
  take(noon, noon);
  take("no json", noon);
  reader.end_batch(out);
  CHECK(counts.valid == 2);
  for (const auto& c : kpis.of(family::quality)) CHECK(c.window == noon + window_size);
}

TEST_CASE_FIXTURE(intake_fixture,
                  "without a wall clock, in a replay or a redo, nothing is told of freshness") {
  take(noon, noon + second);
  reader.end_batch(out);
  CHECK(counts.valid == 1);
  CHECK(freshness().empty());
}

TEST_CASE_FIXTURE(intake_fixture, "a redo need not make freshness again") {
  intake_fixture redo;
  out.wall = noon + 10 * second;
  for (auto* f : {static_cast<intake_fixture*>(this), &redo}) {
    f->take(noon, noon + second);
    f->reader.end_batch(f->out);
  }
  CHECK(kpis.made() == redo.kpis.made());
  CHECK(freshness().size() == 1);
}
