#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/error.hpp"
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

std::map<std::string, site_rules, std::less<>> make_sites(const settings& from) {
  auto sites = from.sites;
  sites.try_emplace("default");
  for (auto& [id, site] : sites)
    for (auto& domain : site.domains) domain = normal_host(domain);
  return sites;
}

/// The secret that the file of privacy.hash_user_ids holds, without the line break at its end.
std::string read_secret(const std::string& path) {
  if (path.empty()) return {};
  const auto refuse = [&](const std::string& why) {
    throw config_error("privacy.hash_user_ids: expected a file with a secret, " + why);
  };
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) refuse(path + " is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path + " cannot be read: " + std::strerror(errno));
  std::string secret(std::istreambuf_iterator<char>(file), {});
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) refuse(path + " is empty");
  return secret;
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
  r.user_id_secret = read_secret(from.privacy.hash_user_ids);
  r.silver = from.output.silver;
  r.users_retention = from.users.retention;
  r.max_output_bytes = from.output.max_bytes;
  r.sites = make_sites(from);
  r.goals = from.goals;
  for (auto& g : r.goals) g.event = normal_match(g.event);
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
