#include "pipeline/clock/intake.hpp"

#include <doctest/doctest.h>

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

}  // namespace

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
