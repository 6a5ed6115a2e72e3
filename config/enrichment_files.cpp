#include "config/enrichment_files.hpp"

#include <fmt/format.h>

#include <utility>

#include "config/agent_rules_file.hpp"
#include "config/bot_lists_file.hpp"
#include "config/error.hpp"
#include "pipeline/enrich/agent_matcher.hpp"
#include "pipeline/enrich/bot_agents.hpp"
#include "pipeline/enrich/geo_database.hpp"

namespace weir {

enrichment_files::enrichment_files(const settings& s) : settings_(s) {
  add("lists.user_agents", {s.lists.user_agents}, [this](enrichment_data& to) {
    to.agents = std::make_shared<agent_matcher>(agent_rules_of(settings_.lists.user_agents));
  });
  add("bots.crawlers, bots.extra_crawlers, lists.headless",
      {s.bots.crawlers, s.bots.extra_crawlers, s.lists.headless},
      [this](enrichment_data& to) { to.bots = std::make_shared<bot_agents>(bot_lists_of(settings_)); });
  add("geo.database", {s.geo.database}, [this](enrichment_data& to) {
    if (!settings_.geo.database.empty())
      to.places = std::make_shared<const geo_database>(settings_.geo.database);
  });
  auto data = std::make_shared<enrichment_data>();
  for (auto& p : parts_) {
    p.seen = p.used = look_at(p);
    try {
      p.load(*data);
    } catch (const std::exception& x) {
      throw config_error(fmt::format("{}: {}", p.setting, x.what()));
    }
  }
  current_ = std::move(data);
}

void enrichment_files::add(std::string setting, std::vector<std::string> files,
                           std::function<void(enrichment_data&)> load) {
  part p{std::move(setting), {}, std::move(load)};
  for (const auto& file : files)
    if (!file.empty() && file != "default") p.files.emplace_back(file);
  parts_.push_back(std::move(p));
}

enrichment_files::stamps enrichment_files::look_at(const part& p) {
  stamps now;
  for (const auto& file : p.files) {
    std::error_code gone;
    const auto time = std::filesystem::last_write_time(file, gone);
    const auto size = std::filesystem::file_size(file, gone);
    now.emplace_back(gone ? std::filesystem::file_time_type() : time, gone ? 0 : size);
  }
  return now;
}

shared_enrichment enrichment_files::current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void enrichment_files::refresh(const listener& tell) {
  for (auto& p : parts_) {
    const auto before = std::exchange(p.seen, look_at(p));
    if (p.seen == p.used || p.seen != before) continue;
    p.used = p.seen;
    auto data = std::make_shared<enrichment_data>(*current());
    try {
      p.load(*data);
    } catch (const std::exception& x) {
      tell.broken(fmt::format("{}: {}; what was read before stays in use", p.setting, x.what()));
      continue;
    }
    {
      std::lock_guard lock(mutex_);
      current_ = std::move(data);
    }
    tell.changed(fmt::format("{}: read anew", p.setting));
  }
}

}  // namespace weir
