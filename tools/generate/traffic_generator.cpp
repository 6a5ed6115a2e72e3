#include "tools/generate/traffic_generator.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "pipeline/base/hash.hpp"
#include "tools/generate/behaviour.hpp"
#include "tools/generate/event_json.hpp"
#include "tools/generate/time_queue.hpp"

namespace weir {
namespace {

// A session is open while it is active and for 30 minutes more.
constexpr double open_seconds = 1800 + mean_visit_events * mean_think_time / 1000;
constexpr std::int64_t away = 2'400'000;
constexpr std::int64_t minute = 60'000;

/// Records a visitor causes, on average.
double records_per_session(const traffic_options& o) {
  return mean_visit_events * (1 + o.returning) * (1 + o.duplicates);
}

double sessions_per_second(const traffic_options& o) {
  if (o.events_per_second > 0) return o.events_per_second / records_per_session(o);
  return static_cast<double>(o.sessions) / open_seconds;
}

// What is more would not fit into memory, or let time stand still between two visitors.
constexpr std::uint64_t most_sessions = 10'000'000;
constexpr double least_rate = 0.001, most_rate = 100'000;
constexpr std::int32_t most_partitions = 10'000;
constexpr unsigned most_sites = 10'000, most_pages = 1'000'000;
constexpr std::int64_t most_disorder = 24 * 60 * minute;

template <class Number>
std::string range_fault(const char* option, Number x, Number least, Number most) {
  if (x >= least && x <= most) return {};
  return fmt::format("{}: expected {} to {}, got {}", option, least, most, x);
}

std::string share_fault(const char* option, double x) { return range_fault(option, x, 0.0, 1.0); }

}  // namespace

std::string fault_of(const traffic_options& o) {
  const auto rate =
      o.events_per_second == 0 ? "" : range_fault("--rate", o.events_per_second, least_rate, most_rate);
  for (const auto& fault :
       {range_fault<std::uint64_t>("--sessions", o.sessions, 1, most_sessions), rate,
        range_fault("--partitions", o.partitions, 1, most_partitions),
        range_fault("--sites", o.sites, 1U, most_sites), range_fault("--pages", o.pages, 1U, most_pages),
        range_fault<std::int64_t>("--disorder", o.disorder, 0, most_disorder),
        share_fault("--duplicates", o.duplicates), share_fault("--late", o.late),
        share_fault("--too-late", o.too_late), share_fault("--malformed", o.malformed)})
    if (!fault.empty()) return fault;
  return {};
}

namespace {

const traffic_options& checked(const traffic_options& o) {
  if (const auto fault = fault_of(o); !fault.empty()) throw std::invalid_argument(fault);
  return o;
}

}  // namespace

/// Visitors act in the order of event time; what they do waits on the way until it arrives.
class traffic_generator::simulation {
 public:
  explicit simulation(const traffic_options& options)
      : options_(options),
        random_(mix(options.seed, 0x77656972)),
        behaviour_(options),
        json_(options.sites, options.pages),
        entry_gap_(1000 / sessions_per_second(options)),
        next_entry_(static_cast<double>(options.start)) {
    begin();
  }

  /// Makes the next record the front of the way.
  void advance() {
    while (on_the_way_.empty() || next_act() <= on_the_way_.next_time()) act();
  }

  void write(generated_record& out) {
    const auto& event = on_the_way_.front();
    json_.write_key(event.who, out.key);
    json_.write_value(event, out.value);
    out.partition =
        static_cast<std::int32_t>(hash64(out.key) % static_cast<std::uint64_t>(options_.partitions));
    out.event_time = event.time;
    out.arrival_time = on_the_way_.next_time();
  }

  void drop() { on_the_way_.pop(); }

 private:
  /// As many are there already as will be later on.
  void begin() {
    const auto active = mean_visit_events * mean_think_time / entry_gap_;
    for (double i = 0; i < active; ++i)
      here_.put(options_.start + behaviour::think_on(random_), behaviour_.enter(random_));
    next_entry_ += random_.exponential(entry_gap_);
  }

  std::int64_t next_act() const {
    const auto entry = static_cast<std::int64_t>(next_entry_);
    return here_.empty() ? entry : std::min(entry, here_.next_time());
  }

  void act() {
    if (here_.empty() || static_cast<std::int64_t>(next_entry_) <= here_.next_time()) {
      here_.put(static_cast<std::int64_t>(next_entry_), behaviour_.enter(random_));
      next_entry_ += random_.exponential(entry_gap_);
      return;
    }
    const auto now = here_.next_time();
    auto who = here_.front();
    here_.pop();
    auto event = behaviour_.act(who, random_);
    event.time = now;
    send(event);
    if (who.left > 0) {
      here_.put(now + behaviour::think(random_), who);
    } else if (who.returns) {
      behaviour::come_back(who, random_);
      here_.put(now + away, who);
    }
  }

  void send(happening& event) {
    if (random_.chance(options_.malformed)) event.wrong = choose_defect(event.what);
    const auto arrival = event.time + lag();
    on_the_way_.put(arrival, event);
    if (event.wrong == defect::none && random_.chance(options_.duplicates))
      on_the_way_.put(arrival + again(), event);
  }

  defect choose_defect(action what) {
    const auto wrong = static_cast<defect>(1 + random_.below(static_cast<std::uint64_t>(defect::count_) - 1));
    const bool no_page = what == action::session_start || what == action::session_end;
    return wrong == defect::bad_url && no_page ? defect::no_event_id : wrong;
  }

  /// Most arrive at once, few as late as the disorder allows, very few much later.
  std::int64_t lag() {
    const auto x = random_.unit();
    if (x < options_.too_late) return between(70 * minute, 180 * minute);
    if (x < options_.too_late + options_.late) return between(minute, 40 * minute);
    const auto y = random_.unit();
    const auto share = y < 0.8 ? 0.01 : y < 0.98 ? 0.2 : 1;
    return static_cast<std::int64_t>(random_.unit() * share * static_cast<double>(options_.disorder));
  }

  /// A sender that heard nothing sends again.
  std::int64_t again() { return random_.chance(0.9) ? between(1, 5000) : between(5000, 10 * minute); }

  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low)));
  }

  const traffic_options options_;
  random_source random_;
  behaviour behaviour_;
  event_json json_;
  double entry_gap_;   // milliseconds between new visits, on average
  double next_entry_;  // milliseconds
  time_queue<visit> here_;
  time_queue<happening> on_the_way_;
};

traffic_generator::traffic_generator(const traffic_options& options)
    : simulation_(std::make_unique<simulation>(checked(options))), events_(options.events) {}

traffic_generator::~traffic_generator() = default;

bool traffic_generator::next(generated_record& out) {
  if (events_ > 0 && position_ >= events_) return false;
  simulation_->advance();
  simulation_->write(out);
  simulation_->drop();
  ++position_;
  return true;
}

void traffic_generator::skip(std::uint64_t records) {
  for (; records > 0 && (events_ == 0 || position_ < events_); --records, ++position_) {
    simulation_->advance();
    simulation_->drop();
  }
}

}  // namespace weir
