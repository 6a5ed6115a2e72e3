#include <fmt/format.h>

#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

namespace weir::simulation {

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t minute = 60 * second, hour = 60 * minute;

template <class T>
T pick(std::mt19937_64& random, std::initializer_list<T> from) {
  return *(from.begin() + static_cast<std::ptrdiff_t>(random() % from.size()));
}

/// The fields that a type of event asks for.
std::string special_fields(std::mt19937_64& random) {
  const auto page = pick<int>(random, {1, 2, 3});
  const auto url = fmt::format(R"("page_url":"https://shop.example/p{}",)", page);
  switch (random() % 10) {
    case 0:
      return url + R"("event_type":"click","element_id":"buy")";
    case 1:
      return url + fmt::format(R"("event_type":"scroll","scroll_depth":{})", random() % 101);
    case 2:
      return url + R"("event_type":"form_submit","form_id":"f","form_success":true)";
    case 3:
      return R"("event_type":"custom_event","event_name":"purchase","event_value":12.5)";
    case 4:
      return R"("event_type":"session_end")";
    case 5:
      return R"("event_type":"session_start","traffic_source":"news","traffic_medium":"email")";
    default:
      return url + fmt::format(
                       R"("event_type":"page_view","page_load_time_ms":{},"referrer":"{}")", random() % 5000,
                       pick<const char*>(random, {"", "https://www.google.com/", "https://other.example/x"}));
  }
}

std::string event_json(std::mt19937_64& random, std::size_t sessions, std::size_t partition, std::uint64_t id,
                       std::int64_t time, const std::string& suffix) {
  const auto session = fmt::format("{}{}", "abcdefgh"[random() % sessions], partition);  // keyed by it
  std::string who;
  if (random() % 3 == 0) who = fmt::format(R"("user_id":"u{}{}",)", random() % 3, suffix);
  if (random() % 2 == 0) who += fmt::format(R"("visitor_id":"v{}{}",)", random() % 4, suffix);
  return fmt::format(R"({{"event_id":"e{}","session_id":"{}",{}"timestamp":{},{}}})", id, session, who, time,
                     special_fields(random));
}

/// The times of a plan. Where windows are kept by C the partitions share one clock, that of the broker.
class traffic_clock {
 public:
  explicit traffic_clock(const plan& p)
      : clocks_(p.backfill ? static_cast<std::size_t>(p.partitions) : 1, start) {}

  std::int64_t now(std::size_t partition) const { return clocks_[partition % clocks_.size()]; }

  /// The time of the next event of a partition: a little later or earlier than the last one; or long after
  /// it; or it was long on its way.
  std::int64_t event(std::mt19937_64& random, std::size_t partition) {
    auto& clock = clocks_[partition % clocks_.size()];
    const auto before = clock;
    const bool jump = random() % 50 == 0;
    clock += jump ? pick<std::int64_t>(random, {5 * hour, 7 * hour, 7 * hour, 20 * hour})
                  : pick<std::int64_t>(
                        random, {0, 0, second, 10 * second, minute, 4 * minute, 20 * minute, 31 * minute});
    if (jump && random() % 2 == 0) return before + pick<std::int64_t>(random, {0, 10 * minute, 20 * minute});
    return clock - pick<std::int64_t>(random, {0, 0, 0, second, 20 * second, minute, 10 * minute, 25 * minute,
                                               45 * minute, 70 * minute, 120 * minute});
  }

 private:
  std::vector<std::int64_t> clocks_;
};

/// Some events without an agent: by draws of its own, so that those of the plan stay as they were.
void add_bots(plan& p) {
  std::mt19937_64 random(p.seed * 2);
  for (auto& a : p.arrivals)
    if (random() % 4 == 0) a.value.insert(1, R"("user_agent":"",)");
}

}  // namespace

plan make_plan(std::uint64_t seed) {
  std::mt19937_64 random(seed * 2 + 1);
  plan p;
  p.seed = seed;
  p.partitions = pick<std::int32_t>(random, {1, 1, 2, 3});
  p.checkpoint_interval = pick<std::int64_t>(random, {0, 30 * second, 20 * minute, 3 * hour, 12 * hour});
  p.backfill = random() % 2 == 0;
  p.ends_by_clock = random() % 3 == 0;
  const auto size = pick<std::size_t>(random, {20, 60, 120});
  const auto sessions = pick<std::size_t>(random, {3, 3, 8});  // a partition
  const bool poisoned = random() % 3 == 0;
  const auto mute = random() % 4 == 0 ? p.partitions - 1 : -1;  // a partition without any event
  const std::string suffix(seed % 2 == 0 ? 0 : 120, '-');       // long ids: values large enough to have parts
  traffic_clock clock(p);
  std::vector<int> twice(static_cast<std::size_t>(p.partitions), 0);
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(p.partitions), 0);
  for (std::size_t i = 0; i < size; ++i) {
    const auto at = static_cast<std::size_t>(random() % offsets.size());
    const auto time = clock.event(random, at);
    const auto id = random() % 7 == 0 && i > 0 ? random() % i : i;
    arrival a;
    a.partition = static_cast<std::int32_t>(at);
    a.time = clock.now(at) + 100;
    a.value = a.partition == mute || random() % 25 == 0 ? R"({"event_id":)"
                                                        : event_json(random, sessions, at, id, time, suffix);
    p.arrivals.push_back(std::move(a));
    const std::pair<std::int32_t, std::int64_t> where{static_cast<std::int32_t>(at), offsets[at]++};
    if (!poisoned || random() % 10 != 0) continue;
    const auto kind = random() % 3;
    if (kind == 0) p.poison.insert(where);
    if (kind == 1) p.flaky[where] = 1;
    if (kind == 2 && twice[at]++ < 2)
      p.flaky[where] = pick<int>(random, {2, 3});  // three in one redo refuse the task
  }
  if (seed % 3 == 0) add_bots(p);
  // Last, so that the draws above stay as they were.
  p.session_bytes = pick<std::size_t>(random, {0, 0, 300, 1'000'000});
  return p;
}

}  // namespace weir::simulation
