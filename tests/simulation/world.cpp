#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pipeline/session/key_state.hpp"
#include "state/checkpoint/mutation.hpp"
#include "tools/system_config.hpp"

namespace weir::simulation {

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t retention = 2'000 * second;  // of tombstones, wall clock
constexpr std::int32_t partial_partitions = 2;
const std::string input_topic = "topic_web_events";
const std::string partials_topic{to_string(output::partials)};

rules make_rules() {
  rules r;
  r.session.max_duration = 3 * 3'600'000;
  r.max_delay = unlimited;
  r.kpi.shards = 2;
  r.kpi.publish_interval = 30 * second;
  r.kpi.site_publish_interval = 5 * second;
  r.goals.push_back({"buy", {event_type::custom_event, "purchase", "", 0}, true});
  funnel f;
  f.id = "f";
  f.steps = {{"see", {event_type::page_view, "", "/p1", 0}},
             {"buy", {event_type::custom_event, "purchase", "", 0}}};
  r.funnels.push_back(f);
  return r;
}

/// Takes `"name":<number>,` out of a record.
std::string without(std::string json, std::string_view name) {
  const auto begin = json.find(fmt::format("\"{}\":", name));
  if (begin == std::string::npos) return json;
  auto end = json.find_first_of(",}", begin);
  if (json[end] == ',') ++end;
  return json.erase(begin, end - begin);
}

std::string text_field(std::string_view json, std::string_view name) {
  const auto key = fmt::format("\"{}\":\"", name);
  const auto at = json.find(key);
  if (at == std::string_view::npos) return {};
  const auto begin = at + key.size();
  return std::string(json.substr(begin, json.find('"', begin) - begin));
}

long revision(std::string_view json) {
  constexpr std::string_view name = "\"revision\":";
  return std::stol(std::string(json.substr(json.find(name) + name.size(), 12)));
}

/// Withdrawn under its old user; published under the new one with the same revision.
bool moved(std::string_view json) { return json.find("\"moved_to\":") != std::string_view::npos; }

const traffic_sources& no_lists() {
  static const traffic_sources sources{referrer_lists{}};
  return sources;
}

}  // namespace

const rules& simulated_rules() {
  static const rules r = make_rules();
  return r;
}

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
  for (auto topic : {output::events, output::sessions, output::late, output::dlq})
    log_.create_topic(std::string(to_string(topic)), p.partitions);
  log_.add_input(stage::ingest, input_topic);
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
  s.checkpoints.commit_interval = 200;
  s.checkpoints.interval = with_faults_ ? plan_.checkpoint_interval : 0;
  s.max_live = with_faults_ ? 1 + below(3) : 100;
  if (with_faults_) s.session_bytes = plan_.session_bytes;
  s.max_timers = with_faults_ && chance(0.3) ? 1 : 10'000;
  s.live = true;
  s.partial_partitions = partial_partitions;
  for (std::int32_t p = 0; p < plan_.partitions; ++p) {
    const task_id id{stage::ingest, input_topic, p};
    s.sources.push_back(to_string(id));
    for (const auto& [partition, offset] : known_poison_)
      if (partition == p) s.poison[id].insert(offset);
  }
  s.intake = [](const task_id& id) {
    return intake_options{input_topic, id.partition, {}, false, true, {}, {}, {}};
  };
  s.store = [this, i](const task_id& id) {
    auto& disk = nodes_[node_of_[i]].disks[id];
    if (!disk) disk = std::make_shared<memory_store>();
    if (wall_ - disk->time() >= retention / 2) disk->clear();
    return disk;
  };
  s.now = [this] { return wall_; };
  s.warn = [this](const std::string& what) {
    if (what.find("redo") != std::string::npos && what.find("handler failed") == std::string::npos)
      violation_ = what;
  };
  s.before_handling = [this](const task_id& id, std::int64_t offset) {
    const std::pair<std::int32_t, std::int64_t> where{id.partition, offset};
    if (with_faults_ && plan_.poison.contains(where)) {
      ++faults_["poison record"];
      throw std::runtime_error("poison");
    }
    if (with_faults_ && flaky_left_.erase(where) > 0) {
      ++faults_["flaky record"];
      throw std::runtime_error("flaky");
    }
  };
  lanes_[i] = std::make_unique<lane>(*system_, simulated_rules(), no_lists(), std::move(s),
                                     log_.join(fmt::format("lane-{}", i)));
}

void world::stop_lane(std::size_t i) {
  lanes_[i]->drop();  // adds up what its tasks counted
  faults_["redo"] += lanes_[i]->counts().redone;
  faults_["value in parts"] += lanes_[i]->counts().parts;
  faults_["session out of memory"] += lanes_[i]->counts().spilled;
  faults_["session back from the store"] += lanes_[i]->counts().read_back;
  lanes_[i].reset();
}

void world::crash(std::size_t i) {
  if (log_.in_flight(fmt::format("lane-{}", i))) {
    log_.land(fmt::format("lane-{}", i),
              chance(0.5) ? memory_log::fate::unknown_committed : memory_log::fate::unknown_lost);
    ++faults_["crash with a commit in flight"];
  }
  stop_lane(i);
  for (auto& [_, disk] : nodes_[node_of_[i]].disks) disk->crash();
  ++faults_["crash"];
  if (chance(0.4)) {
    node_of_[i] = 1 - node_of_[i];
    ++faults_["takeover by another node"];
  }
  if (chance(0.1)) {
    nodes_[node_of_[i]].disks.clear();
    ++faults_["empty local store"];
  }
  start_lane(i);
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

/// A node falls asleep with its copy; the log goes on and is compacted meanwhile.
void world::sleep_and_compact() {
  for (auto& [_, disk] : nodes_[node_of_[0]].disks) disk->flush();
  if (lanes_[0]) {
    stop_lane(0);
    node_of_[0] = 1 - node_of_[0];
    start_lane(0);
  }
  for (int i = 0; i < 4 && lanes_[0]; ++i) {
    lanes_[0]->poll(9, 0);
    lanes_[0]->seal(false);
    land(0, memory_log::fate::committed);
    wall_ += (5 + static_cast<std::int64_t>(below(100))) * second;
  }
  wall_ += static_cast<std::int64_t>(below(1'500)) * second;
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
  if (x < 0.58) return l ? void(l->poll(1 + below(6), 0)) : arrive();
  if (x < 0.72) return l ? void(l->seal(chance(0.05))) : void();
  if (x < 0.84) {
    if (!chance(crashes_)) return land(i, memory_log::fate::committed);
    return land(i, std::array{memory_log::fate::rejected, memory_log::fate::unknown_committed,
                              memory_log::fate::unknown_lost}[below(3)]);
  }
  if (x < 0.84 + crashes_ / 5) return l ? crash(i) : void();
  if (x < 0.915) {
    wall_ += std::array{second, 2 * second, 65 * second, 200 * second, 2'000 * second}[below(5)];
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
    if (lanes_[1]) {
      stop_lane(1);
    } else {
      node_of_[1] = below(2);
      start_lane(1);
    }
    ++faults_["rebalance"];
    return;
  }
  if (l) l->step(0);
}

bool world::quiet() {
  for (auto& l : lanes_)
    if (l && !l->idle()) return false;
  return true;
}

void world::finish() {
  while (arrived_ < plan_.arrivals.size()) arrive();
  for (int round = 0; round < 400; ++round) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (!lanes_[i]) continue;
      land(i, memory_log::fate::committed);
      if (!lanes_[i]) continue;
      lanes_[i]->step(0);
      while (lanes_[i]->poll(1000, 0) > 0) {
      }
      lanes_[i]->seal(false);
      land(i, memory_log::fate::committed);
    }
    if (round == 20) log_.end_topic(input_topic);
    wall_ += round < 10 ? 1'000 * second : second;
    if (round > 25 && quiet()) return check_bounds();
  }
  throw std::runtime_error("does not come to rest");
}

/// When everything is still: nothing dirty, one mark, no tombstones.
void world::check_bounds() {
  wall_ += 100 * second;
  for (int i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < lanes_.size(); ++j)
      if (lanes_[j]) {
        lanes_[j]->seal(false);
        land(j, memory_log::fate::committed);
        wall_ += 100 * second;
      }
  for (auto& l : lanes_) {
    if (!l) continue;
    if (l->counts().divergences > 0) throw std::runtime_error("a redo diverged");
    for (auto* task : l->tasks()) {
      if (task->state.dirty_keys() > 0)
        throw std::runtime_error(to_string(task->state.id()) + ": dirty when idle");
      if (task->state.marks() > 1)
        throw std::runtime_error(to_string(task->state.id()) + ": its ring does not shrink");
      if (task->state.tombstones() > 0)
        throw std::runtime_error(to_string(task->state.id()) + ": tombstones stay");
    }
  }
}

final_output world::collect() {
  final_output out;
  for (auto topic : {output::events, output::late}) {
    for (std::int32_t p = 0; p < plan_.partitions; ++p) {
      // Sessions and the reader write on their own: there is an order within each, and none between them.
      log_.read_all(std::string(to_string(topic)), p, [&](auto key, auto value) {
        const bool dropped = value.find("\"late\":\"dropped\"") != std::string_view::npos;
        out.ordered[fmt::format("{}/{} {}", to_string(topic), p, dropped ? "reader" : key)].emplace_back(
            value);
      });
    }
  }
  for (std::int32_t p = 0; p < plan_.partitions; ++p) {
    log_.read_all(std::string(to_string(output::dlq)), p, [&](std::string_view key, std::string_view value) {
      out.ordered["dlq " + std::string(key)].emplace_back(value);
      if (text_field(value, "reason") != "internal_error") return;
      const auto offset = key.rfind('|');
      const auto partition = key.rfind('|', offset - 1);
      if (key.substr(0, partition) == input_topic)
        out.buried.emplace_back(std::stoi(std::string(key.substr(partition + 1))),
                                std::stoll(std::string(key.substr(offset + 1))));
    });
    log_.read_all(std::string(to_string(output::sessions)), p, [&](auto, std::string_view value) {
      const auto key = text_field(value, "session_key");
      out.revisions[key].emplace_back(value);
    });
  }
  // A session that moved to another user has records in more than one partition: its revisions tell their
  // order.
  for (auto& [key, records] : out.revisions) {
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
      const auto place = [](const std::string& r) { return std::pair(revision(r), !moved(r)); };
      return place(a) < place(b);
    });
    out.sessions[key] = without(records.back(), "revision");
    std::erase_if(records, moved);
  }
  for (std::size_t f = 0; f < families; ++f) {
    const auto topic = "weir.gold." + std::string(definition(static_cast<family>(f)).name);
    try {
      log_.read_all(topic, 0, [&](std::string_view key, std::string_view value) {
        out.gold[topic + ' ' + std::string(key)] =
            without(without(std::string(value), "revision"), "watermark");
      });
    } catch (const std::out_of_range&) {  // nothing was ever published
    }
  }
  return out;
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
