#include "tools/generate/traffic_generator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "pipeline/base/hash.hpp"
#include "pipeline/event/web_decoder.hpp"

using namespace weir;

namespace {

std::vector<generated_record> make(const traffic_options& options) {
  traffic_generator traffic(options);
  std::vector<generated_record> out;
  for (generated_record r; traffic.next(r);) out.push_back(r);
  return out;
}

traffic_options options_of(std::uint64_t events) {
  traffic_options o;
  o.events = events;
  o.sessions = 2000;
  return o;
}

/// Decodes with weir's own decoder, at a record time long after.
struct decoded {
  std::map<reason, int> dead;
  std::map<event_type, int> types;
  std::map<std::string, std::vector<std::int64_t>> sessions;
  std::set<std::string> names;
  int valid = 0, derived = 0, users = 0, other_times = 0;

  explicit decoded(const std::vector<generated_record>& records) {
    const rules r;
    web_decoder decoder(r, source_rules{});
    arena texts;
    for (const auto& record : records) {
      event e;
      fault f;
      if (!decoder.decode(record.value, record.arrival_time, texts, e, f))
        ++dead[f.why];
      else
        add(e, record);
    }
  }

  void add(const event& e, const generated_record& record) {
    ++valid;
    ++types[e.type];
    derived += e.session_derived;
    users += !e[text::user_id].empty();
    other_times += e.time != record.event_time;
    names.emplace(e[text::event_name]);
    sessions[std::string(e[text::session_id])].push_back(e.time);
  }
};

bool is_near(double x, double expected, double tolerance) {
  return std::abs(x - expected) <= tolerance * expected;
}

}  // namespace

TEST_CASE("the same options give the same records") {
  const auto a = make(options_of(3000)), b = make(options_of(3000));
  REQUIRE(a.size() == 3000);
  CHECK(std::ranges::equal(a, b, {}, &generated_record::value, &generated_record::value));
  CHECK(std::ranges::equal(a, b, {}, &generated_record::arrival_time, &generated_record::arrival_time));
}

TEST_CASE("another seed gives other records") {
  auto other = options_of(10);
  other.seed = 2;
  CHECK(make(options_of(10))[0].value != make(other)[0].value);
}

TEST_CASE("what follows a skip is what would have followed") {
  const auto all = make(options_of(2000));
  traffic_generator traffic(options_of(2000));
  traffic.skip(1500);
  CHECK(traffic.position() == 1500);
  generated_record r;
  for (std::size_t i = 1500; traffic.next(r); ++i) REQUIRE(r.value == all[i].value);
  CHECK(traffic.position() == 2000);
}

TEST_CASE("a record's partition goes by its key, a session's records have one") {
  for (const auto& r : make(options_of(500)))
    CHECK(r.partition == static_cast<std::int32_t>(hash64(r.key) % 4));
}

TEST_CASE("records come in the order of arrival, at the rate that was asked for") {
  auto options = options_of(30'000);
  options.events_per_second = 100;
  const auto records = make(options);
  CHECK(std::ranges::is_sorted(records, {}, &generated_record::arrival_time));
  CHECK(std::ranges::all_of(records, [](const auto& r) { return r.event_time <= r.arrival_time; }));
  CHECK(is_near(static_cast<double>(records.back().arrival_time - options.start), 300'000, 0.1));
}

TEST_CASE("without disorder and late records events come in order") {
  auto options = options_of(5000);
  options.disorder = 0;
  options.late = options.too_late = options.duplicates = 0;
  CHECK(std::ranges::all_of(make(options), [](const auto& r) { return r.arrival_time == r.event_time; }));
}

TEST_CASE("all records are valid but the share that is to be malformed, which is so in many ways") {
  const auto records = make(options_of(30'000));
  const decoded d(records);
  CHECK(is_near(static_cast<double>(records.size()) - d.valid, 0.005 * 30'000, 0.3));
  for (const auto why : {reason::malformed_json, reason::missing_field, reason::unknown_event_type,
                         reason::invalid_timestamp, reason::timestamp_in_future, reason::invalid_url,
                         reason::wrong_type, reason::out_of_range, reason::not_an_object})
    CHECK_MESSAGE(d.dead.contains(why), to_string(why));
  auto options = options_of(5000);
  options.malformed = 0;
  const decoded sound(make(options));
  CHECK(sound.valid == 5000);
  CHECK(sound.other_times == 0);
}

TEST_CASE("every type of event occurs, and what a shop wants to know") {
  const decoded d(make(options_of(20'000)));
  CHECK(d.types.size() == 8);
  for (const auto* name : {"form_start", "add_to_cart", "purchase", "signup", "identify", "search"})
    CHECK_MESSAGE(d.names.contains(name), name);
  CHECK(d.derived > 0);
  CHECK(d.users > 0);
}

TEST_CASE("sessions have 15 events on average, and some come back after 40 minutes") {
  auto options = options_of(30'000);
  options.sessions = 300;
  options.duplicates = options.derived = 0;
  options.returning = 0.1;
  decoded d(make(options));
  int back = 0;
  for (auto& [id, times] : d.sessions) {
    std::ranges::sort(times);
    for (std::size_t i = 1; i < times.size(); ++i) back += times[i] - times[i - 1] >= 2'400'000;
  }
  const auto sessions = static_cast<double>(d.sessions.size());
  CHECK(is_near(d.valid / (sessions * 1.1), 15, 0.1));
  CHECK(is_near(back / sessions, 0.1, 0.35));
}

TEST_CASE("duplicates and late records have their shares") {
  auto options = options_of(30'000);
  options.sessions = 200;
  options.late = 0.05;
  const auto records = make(options);
  std::set<std::string> seen;
  int again = 0, late = 0;
  for (const auto& r : records) {
    if (!seen.insert(r.value).second)
      again += r.value.size() > 20;
    else
      late += r.arrival_time - r.event_time >= 60'000;
  }
  CHECK(is_near(again, 0.01 * 30'000, 0.25));
  CHECK(is_near(late, 0.05 * 30'000, 0.2));
}
