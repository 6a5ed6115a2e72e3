#pragma once

#include <string>

#include "pipeline/base/arena.hpp"
#include "pipeline/enrich/agent_cache.hpp"
#include "pipeline/enrich/enrichment_data.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// Adds to a decoded event what weir finds out about it: events.md, "Enrichment". All that comes after
/// (sessions, KPIs, what is written) sees the enriched event only.
///
/// One a lane, on its thread: it holds the lane's caches, bounded and without locks; the data is shared.
class enricher {
 public:
  enricher(const rules& r, shared_enrichment data) : rules_(r), data_(std::move(data)) {}

  /// Enriches one event. Texts that it makes are kept in the event's arena.
  void enrich(event& e, arena& texts);

  const shared_enrichment& data() const { return data_; }
  /// Changes over to other data: what was looked up in the old is forgotten. What was enriched before must
  /// not be redone after: the lane calls this when everything it has read is committed and written down.
  void use(shared_enrichment data);

 private:
  void find_device(event& e);
  void find_place(event& e, arena& texts);

  const rules& rules_;
  shared_enrichment data_;
  agent_cache agents_;
  std::string scratch_;
};

}  // namespace weir
