#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "actors/system_config.hpp"
#include "pipeline/users/user_state.hpp"
#include "tests/simulation/records.hpp"

namespace weir::simulation {

namespace {

constexpr std::int64_t retention = 2'000 * second;  // of tombstones, wall clock
constexpr std::int32_t partial_partitions = 2, session_partitions = 2;

rules make_rules(bool backfill) {
  rules r;
  r.session.max_duration = 3 * 3'600'000;
  r.max_delay = 8 * 3'600'000;
  r.backfill = backfill;
  r.kpi.shards = 2;
  r.kpi.publish_interval = 30 * second;
  r.kpi.site_publish_interval = 5 * second;
  r.bots.max_events_per_minute = 4;  // with an empty agent, or with three views at once, a bot's
  for (const auto signal : {bot_signal::rate, bot_signal::burst})
    r.bots.weights[static_cast<std::size_t>(signal)] = 500'000;
  r.goals.push_back({"buy", {event_type::custom_event, "purchase", "", 0}, true});
  funnel f;
  f.id = "f";
  f.steps = {{"see", {event_type::page_view, "", "/p1", 0}},
             {"buy", {event_type::custom_event, "purchase", "", 0}}};
  r.funnels.push_back(f);
  f.id = "across";
  f.scope = funnel::reach::user;
  f.within = 300 * 60 * second;
  r.funnels.push_back(f);
  r.users_retention = users_retention;
  return r;
}

const traffic_sources& no_lists() {
  static const traffic_sources sources{referrer_lists{}};
  return sources;
}

const rules& rules_of(const plan& p) {
  static const rules bounded = make_rules(false), backfill = make_rules(true);
  return p.backfill ? backfill : bounded;
}

}  // namespace

world::world(const plan& p, bool with_faults, std::set<std::pair<std::int32_t, std::int64_t>> known_poison)
    : plan_(p),
      with_faults_(with_faults),
      known_poison_(std::move(known_poison)),
      flaky_left_(p.flaky),
      random_(p.seed),
      log_({true, false, true}),
      wall_(p.arrivals.empty() ? 0 : p.arrivals.front().time),
      nodes_(2),
      node_of_(2, 0),
      lanes_(2) {
  static system_config config;
  system_ = std::make_unique<caf::actor_system>(config);
  log_.set_clock([this] { return wall_; });
  log_.create_topic(input_topic, p.partitions);
  log_.create_topic(partials_topic, partial_partitions);
  for (auto topic : {output::events, output::late, output::dlq})
    log_.create_topic(std::string(to_string(topic)), p.partitions);
  log_.create_topic(sessions_topic, session_partitions);
  log_.add_input(stage::ingest, input_topic);
  log_.add_input(stage::users, sessions_topic);
  log_.add_input(stage::kpis, partials_topic);
  crashes_ = with_faults ? std::uniform_real_distribution<>(0.02, 0.25)(random_) : 0;
  start_lane(0);
}

world::~world() {
  for (auto& l : lanes_) l.reset();
}

// -- lanes
// -----------------------------------------------------------------------------------------------------------

void world::start_lane(std::size_t i) {
  lane_settings s;
  s.name = fmt::format("lane-{}", i);
  s.checkpoints.interval = with_faults_ ? plan_.checkpoint_interval : 0;
  s.checkpoints.commit_interval =
      std::max<std::int64_t>(200, s.checkpoints.interval / (chance(0.5) ? 3 : 20));
  s.max_live = with_faults_ ? 1 + below(3) : 100;
  if (with_faults_) s.session_bytes = plan_.session_bytes;
  s.max_timers = with_faults_ && chance(0.3) ? 1 : 10'000;
  if (with_faults_ && chance(0.5)) s.restore_at_once = below(20);
  s.start_restore = [this](auto work) { return restores_.push_back(std::move(work)), std::jthread(); };
  s.enrichment = [this] { return lists_; };
  s.live = true;
  s.oldest_copy = retention / 2;
  s.session_partitions = session_partitions;
  s.partial_partitions = partial_partitions;
  for (std::int32_t p = 0; p < plan_.partitions; ++p) {
    const task_id id{stage::ingest, input_topic, p};
    s.sources.push_back(to_string(id));
    for (const auto& [partition, offset] : known_poison_)
      if (partition == p) s.poison[id].insert(offset);
  }
  source_rules source;
  source.backfill = plan_.backfill;
  s.intake = [source](const task_id& id) {
    return intake_options{input_topic, id.partition, source, false, true, {}, {}, {}};
  };
  s.store = [this, i](const task_id& id) {
    auto& disk = nodes_[node_of_[i]].disks[id];
    if (!disk) disk = std::make_shared<memory_store>();
    return disk;
  };
  s.now = [this] { return wall_; };
  s.warn = [this](const std::string& what) {
    if (what.find("redo") != std::string::npos && what.find("handler failed") == std::string::npos)
      violation_ = what;
  };
  s.before_handling = [this, i](const weir::handling& h) { handling(i, h); };
  lanes_[i] = std::make_unique<lane>(*system_, rules_of(plan_), no_lists(), std::move(s),
                                     log_.join(fmt::format("lane-{}", i)));
  lanes_[i]->recover();
}

/// The hook of a lane: faults in the handler of an event.
void world::handling(std::size_t i, const weir::handling& h) {
  if (!with_faults_) return;
  if (h.task.of == stage::users) return handling_user(i, h);
  const std::pair<std::int32_t, std::int64_t> where{h.task.partition, h.offset};
  if (plan_.poison.contains(where)) {
    ++faults_["poison record"];
    throw std::runtime_error("poison");
  }
  const auto flaky = flaky_left_.find(where);
  if (flaky == flaky_left_.end() || --flaky->second > 0) return;
  flaky_left_.erase(flaky);
  for (const auto* t : lanes_[i]->tasks())
    if (t->state.id() == h.task) ++faults_[t->state.redoing() ? "flaky record in a redo" : "flaky record"];
  throw std::runtime_error("flaky");
}

/// Which session it is depends on the run: only in a redo, which is repeated, does a fault lose none.
void world::handling_user(std::size_t i, const weir::handling& h) {
  for (const auto* t : lanes_[i]->tasks()) {
    if (t->state.id() != h.task || !t->state.redoing() || user_faults_left_ == 0 || !chance(0.2)) continue;
    --user_faults_left_;
    ++faults_["flaky session of a user in a redo"];
    throw std::runtime_error("flaky");
  }
}

void world::stop_lane(std::size_t i) {
  lanes_[i]->drop();  // adds up what its tasks counted
  faults_["redo"] += lanes_[i]->counts().redone;
  faults_["value in parts"] += lanes_[i]->counts().parts;
  faults_["session out of memory"] += lanes_[i]->counts().spilled;
  faults_["session back from the store"] += lanes_[i]->counts().read_back;
  faults_["hand-over in good order"] += lanes_[i]->counts().handed_over;
  lanes_[i].reset();
}

/// A process dies, with every lane of it.
void world::crash(std::size_t i) {
  const auto node = node_of_[i];
  std::vector<std::size_t> died;
  for (std::size_t j = 0; j < lanes_.size(); ++j) {
    if (!lanes_[j] || node_of_[j] != node) continue;
    if (log_.in_flight(fmt::format("lane-{}", j))) {
      log_.land(fmt::format("lane-{}", j),
                chance(0.5) ? memory_log::fate::unknown_committed : memory_log::fate::unknown_lost);
      ++faults_["crash with a commit in flight"];
    }
    stop_lane(j);
    died.push_back(j);
  }
  for (auto& [_, disk] : nodes_[node].disks) disk->crash();
  ++faults_["crash"];
  if (chance(0.4)) {
    node_of_[i] = 1 - node;
    ++faults_["takeover by another node"];
  }
  if (chance(0.1)) {
    nodes_[node_of_[i]].disks.clear();
    ++faults_["empty local store"];
  }
  for (const auto j : died) start_lane(j);
}

void world::land(std::size_t i, memory_log::fate how) {
  if (!lanes_[i] || !log_.land(fmt::format("lane-{}", i), how)) return;
  if (how == memory_log::fate::rejected) ++faults_["rejected commit"];
  if (how == memory_log::fate::unknown_committed) ++faults_["unknown commit, committed"];
  if (how == memory_log::fate::unknown_lost) ++faults_["unknown commit, lost"];
  const auto fenced = lanes_[i]->counts().rejected;
  lanes_[i]->land();
  if (how == memory_log::fate::committed && lanes_[i]->counts().rejected > fenced) ++faults_["fenced commit"];
}

void world::seal(std::size_t i, bool full) {
  if (full || chance(0.5) ? lanes_[i]->seal(full) : lanes_[i]->seal_news()) sealed(i);
}

/// A poll seals, too, when the tasks are asked for.
std::size_t world::poll(std::size_t i, std::size_t records) {
  const bool before = lanes_[i]->in_flight();
  const auto read = lanes_[i]->poll(records, 0);
  if (!before && lanes_[i]->in_flight()) sealed(i);
  return read;
}

void world::step(std::size_t i) {
  const bool before = lanes_[i]->in_flight();  // which lands by `land` only
  lanes_[i]->step(0);
  if (!before && lanes_[i]->in_flight()) sealed(i);
}

/// Reads and commits all there is.
void world::turn(std::size_t i) {
  if (!lanes_[i]) return;
  while (!restores_.empty()) restore_beside();
  land(i, memory_log::fate::committed);
  step(i);
  while (poll(i, 1000) > 0) {
  }
  seal(i, false);
  land(i, memory_log::fate::committed);
}

/// What lanes have begun to restore beside their other tasks, in one of them: given up, or brought up to
/// date.
void world::restore_beside() {
  if (restores_.empty()) return;
  const auto at = restores_.begin() + static_cast<std::ptrdiff_t>(below(restores_.size()));
  const auto work = std::move(*at);
  restores_.erase(at);
  work();
  ++faults_["restore beside the lane"];
}

/// Others with the same content: what is read with them comes out the same, but a lane must first write down
/// what it has.
void world::reload_lists() {
  lists_ = std::make_shared<enrichment_data>(*no_enrichment());
  ++faults_["lists reloaded"];
}

void world::pass(std::int64_t time) {
  auto until = wall_ + time;
  if (!plan_.backfill && arrived_ < plan_.arrivals.size())
    until = std::min(until, plan_.arrivals[arrived_].time);
  wall_ = std::max(wall_, until);
}

/// Where the age of events is bounded, the clock alone settles sessions that start before this.
std::int64_t world::settled_by(std::int64_t wall) const {
  const auto& r = rules_of(plan_);
  return horizon_of(wall - r.max_delay - r.time.max_out_of_orderness, r);
}

/// A node falls asleep with its copy; the log goes on and is compacted meanwhile.
void world::sleep_and_compact() {
  for (auto& [_, disk] : nodes_[node_of_[0]].disks) disk->flush();
  if (lanes_[0]) {
    stop_lane(0);
    node_of_[0] = 1 - node_of_[0];
    start_lane(0);
  }
  for (int i = 0; i < 4 && lanes_[0]; ++i) {
    poll(0, 9);
    seal(0, false);
    land(0, memory_log::fate::committed);
    pass((5 + static_cast<std::int64_t>(below(100))) * second);
  }
  pass(static_cast<std::int64_t>(below(1'500)) * second);
  log_.compact(wall_, retention);
  if (lanes_[0]) {
    stop_lane(0);
    node_of_[0] = 1 - node_of_[0];
    start_lane(0);
  }
  ++faults_["stale local store after compaction"];
}

// -- the run
// ---------------------------------------------------------------------------------------------------------

void world::arrive() {
  if (arrived_ == plan_.arrivals.size()) return;
  const auto& a = plan_.arrivals[arrived_++];
  log_.append(input_topic, a.partition, a.key, a.value, a.time);
  wall_ = std::max(wall_, a.time);
}

void world::act() {
  const auto i = below(2);
  auto* l = lanes_[i].get();
  const double x = std::uniform_real_distribution<>(0, 1)(random_);
  if (x < 0.35) return arrive();
  if (x < 0.58) return l ? void(poll(i, 1 + below(6))) : arrive();
  if (x < 0.72) return l ? seal(i, chance(0.05)) : void();
  if (x < 0.84) {
    if (!chance(crashes_)) return land(i, memory_log::fate::committed);
    return land(i, std::array{memory_log::fate::rejected, memory_log::fate::unknown_committed,
                              memory_log::fate::unknown_lost}[below(3)]);
  }
  if (x < 0.84 + crashes_ / 5) return l ? crash(i) : void();
  if (x < 0.915) {
    pass(std::array{1, 2, 65, 200, 2'000, 4'000, 25'000}[below(7)] * second);
    ++faults_["wall clock moves"];
    return;
  }
  if (x < 0.935) {
    for (auto& [_, disk] : nodes_[below(2)].disks) disk->flush();
    return;
  }
  if (x < 0.95) return log_.compact(wall_, retention);
  if (x < 0.96) return sleep_and_compact();
  if (x < 0.975) {  // the group changes: a second lane joins, or leaves
    log_.set_graceful(chance(0.5));
    if (lanes_[1]) {
      stop_lane(1);
    } else {
      node_of_[1] = below(2);
      start_lane(1);
    }
    ++faults_["rebalance"];
    return;
  }
  if (x < 0.985) return rest();
  if (chance(0.2)) return reload_lists();
  if (chance(0.5)) return restore_beside();
  if (l) step(i);
}

bool world::quiet() {
  for (auto& l : lanes_)
    if (l && !l->idle()) return false;
  return true;
}

bool world::caught_up() {
  for (auto& l : lanes_) {
    if (!l) continue;
    if (l->tasks().size() < l->report().assigned) return false;
    for (const auto* t : l->tasks()) {
      const auto& id = t->state.id();
      if (t->state.redoing() || t->state.next() < log_.end_of(id.topic, id.partition)) return false;
    }
  }
  return true;
}

/// Traffic stops: read and commit everything, and let the wall clock run, until nothing is left to do.
void world::finish() {
  while (arrived_ < plan_.arrivals.size()) arrive();
  rest();
  const auto hours = 3'600 * second;
  const bool ends_by_clock = with_faults_ && plan_.ends_by_clock;
  for (int round = 0; round < 400; ++round) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) turn(i);
    if (ends_by_clock && round == 10) users_ = known_users();
    if (round == 20 && !ends_by_clock) log_.end_topic(input_topic);
    // While it runs, idle clocks move with the wall clock, and are told: nothing would ever be still. First
    // all sessions close by it; then it goes beyond the days of every cohort, when it may forget users, too.
    if (round < 20) pass(!ends_by_clock ? 1'000 * second : round < 10 ? hours : 240 * hours);
    if (round > 25 && quiet()) return check_final(), check_alerts(), check_lists(), check_bounds();
  }
  throw std::runtime_error("does not come to rest");
}

final_output world::run() {
  const auto steps = with_faults_ ? plan_.arrivals.size() * 6 : 0;
  for (std::size_t i = 0; i < steps && violation_.empty(); ++i) act();
  if (!violation_.empty()) throw std::runtime_error(violation_);
  finish();
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (lanes_[i]) stop_lane(i);
  if (!violation_.empty()) throw std::runtime_error(violation_);
  return collect();
}

}  // namespace weir::simulation
