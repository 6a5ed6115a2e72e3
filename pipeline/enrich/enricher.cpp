#include "pipeline/enrich/enricher.hpp"

#include "pipeline/event/device_type.hpp"

namespace weir {

void enricher::enrich(event& e, arena& texts) {
  agents_.enrich(e, texts, *data_);
  find_device(e);
}

/// What neither the agent nor a claim tells, the screen's width may.
void enricher::find_device(event& e) {
  if (const auto type = device_type_of(e); type != "unknown") e[text::device_type] = type;
}

void enricher::use(shared_enrichment data) {
  data_ = std::move(data);
  agents_.clear();
}

}  // namespace weir
