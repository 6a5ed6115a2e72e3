#include <algorithm>
#include <cmath>

#include "config/error.hpp"
#include "config/secret_file.hpp"
#include "config/settings.hpp"

namespace weir {
namespace {

/// Hosts are compared in lower case and without `www.`.
std::string normal_host(std::string host) {
  std::ranges::transform(host, host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// An alias is read as the name that it stands for, here as in events.
event_match normal_match(event_match m) {
  if (m.name == "form_focus") m.name = "form_start";
  return m;
}

constexpr double heaviest = 1e12;  // all weights together still fit into 64 bits as 10^-6

bot_rules make_bot_rules(const bots_settings& from) {
  const auto micros = [](double x) { return std::int64_t{std::llround(std::min(x, heaviest) * 1e6)}; };
  const auto& w = from.weights;
  return {micros(from.threshold),
          {micros(w.crawler), micros(w.headless), micros(w.empty_agent), micros(w.rate), micros(w.burst),
           micros(w.no_interaction)},
          from.max_events_per_minute};
}

std::map<std::string, site_rules, std::less<>> make_sites(const settings& from) {
  auto sites = from.sites;
  sites.try_emplace("default");
  for (auto& [id, site] : sites)
    for (auto& domain : site.domains) domain = normal_host(domain);
  return sites;
}

}  // namespace

rules make_rules(const settings& from) {
  rules r;
  r.time = from.time;
  r.session = from.session;
  r.max_delay = from.late.max_delay;
  r.backfill = std::ranges::any_of(from.sources, [](const auto& source) { return source.second.backfill; });
  r.validation = from.validation;
  r.kpi = from.kpi;
  r.ip = from.privacy.ip;
  r.mask_pii = from.privacy.mask_pii;
  r.user_id_secret = read_secret("privacy.hash_user_ids", from.privacy.hash_user_ids);
  r.silver = from.output.silver;
  r.users_retention = from.users.retention;
  r.max_output_bytes = from.output.max_bytes;
  r.sites = make_sites(from);
  r.goals = from.goals;
  for (auto& g : r.goals) g.event = normal_match(g.event);
  r.bots = make_bot_rules(from.bots);
  r.funnels = from.funnels;
  for (auto& f : r.funnels)
    for (auto& s : f.steps) s.match = normal_match(s.match);
  return r;
}

rules make_replay_rules(const settings& from) {
  auto r = make_rules(from);
  r.max_delay = unlimited;
  return r;
}

const source_rules& replay_source(const settings& from) {
  const auto found = from.sources.find(from.replay.source);
  if (found == from.sources.end())
    throw config_error("replay.source: no source is called " + from.replay.source);
  return found->second;
}

}  // namespace weir
