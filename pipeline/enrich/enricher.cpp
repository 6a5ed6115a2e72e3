#include "pipeline/enrich/enricher.hpp"

#include "pipeline/enrich/geo_database.hpp"
#include "pipeline/enrich/personal_fields.hpp"
#include "pipeline/event/device_type.hpp"
#include "pipeline/event/ip_privacy.hpp"

namespace weir {

void enricher::enrich(event& e, arena& texts) {
  agents_.enrich(e, texts, *data_);
  find_device(e);
  find_place(e, texts);
  e[text::ip_address] = private_ip(rules_.ip, e[text::ip_address], texts);
  find_personal_data(e, rules_.mask_pii, texts, scratch_);
}

/// What neither the agent nor a claim tells, the screen's width may.
void enricher::find_device(event& e) {
  if (const auto type = device_type_of(e); type != "unknown") e[text::device_type] = type;
}

/// What the client says of a region stands only where the database has the same country and no region.
void enricher::find_place(event& e, arena& texts) {
  const bool claimed = !e[text::country].empty() || !e[text::region].empty() || !e[text::city].empty();
  if (claimed) e.place = place_source::client;
  if (!data_->places) return;
  const auto found = data_->places->find(e[text::ip_address]);
  if (found.country.empty()) return;
  e.place = place_source::database;
  const bool coarser = found.region.empty() && found.city.empty() && e[text::country] == found.country;
  if (coarser) return;
  e[text::country] = texts.keep(found.country);
  e[text::region] = texts.keep(found.region);
  e[text::city] = texts.keep(found.city);
}

void enricher::use(shared_enrichment data) {
  data_ = std::move(data);
  agents_.clear();
}

}  // namespace weir
