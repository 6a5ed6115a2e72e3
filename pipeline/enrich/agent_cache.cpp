#include "pipeline/enrich/agent_cache.hpp"

#include "pipeline/enrich/agent_matcher.hpp"
#include "pipeline/enrich/bot_agents.hpp"

namespace weir {

void agent_cache::enrich(event& e, arena& texts, const enrichment_data& data) {
  const auto agent = e[text::user_agent];
  if (agent.empty()) return;
  const auto key = hash_of(agent);
  const auto* known = known_.find(key);
  if (!known) {
    auto found = look_up(agent, data);
    const auto size = found.texts.size();
    known = &known_.add(key, std::move(found), size);
  }
  put(*known, e, texts);
}

agent_cache::entry agent_cache::look_up(std::string_view agent, const enrichment_data& data) {
  entry made;
  if (data.bots) {
    made.crawler = data.bots->is_crawler(agent);
    made.headless = data.bots->is_headless(agent);
  }
  if (!data.agents) return made;
  const auto facts = data.agents->facts(agent);
  const std::array<const std::string*, fields> parts{
      &facts.device_type, &facts.browser,      &facts.browser_version, &facts.os,
      &facts.os_version,  &facts.device_brand, &facts.device_model};
  for (std::size_t i = 0; i < fields; ++i) {
    made.sizes[i] = static_cast<std::uint32_t>(parts[i]->size());
    made.texts += *parts[i];
  }
  return made;
}

/// A version belongs to its name and a model to its brand: they are not mixed with claims.
void agent_cache::put(const entry& known, event& e, arena& texts) {
  e.crawler = known.crawler;
  e.headless = known.headless;
  const char* at = known.texts.empty() ? nullptr : texts.keep(known.texts).data();
  std::array<std::string_view, fields> parts;
  for (std::size_t i = 0; i < fields; at += known.sizes[i], ++i) parts[i] = {at, known.sizes[i]};
  const auto [type, browser, browser_version, os, os_version, brand, model] = parts;
  if (!type.empty()) e[text::device_type] = type;
  if (!browser.empty()) e[text::browser] = browser, e[text::browser_version] = browser_version;
  if (!os.empty()) e[text::os] = os, e[text::os_version] = os_version;
  if (!brand.empty() || !model.empty()) e[text::device_brand] = brand, e[text::device_model] = model;
}

}  // namespace weir
