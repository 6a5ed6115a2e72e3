#pragma once

#include <memory>

namespace weir {

/// What events are enriched with: lists and databases, each immutable once made, shared by all lanes of the
/// process. What is null is not there, and the client's claim stands. When a file changes, a new one is made
/// of those that did not and the one that did.
struct enrichment_data {};

/// The data that a lane is to enrich with from now on; never null.
using shared_enrichment = std::shared_ptr<const enrichment_data>;

/// Without any list or database.
inline shared_enrichment no_enrichment() {
  static const auto none = std::make_shared<const enrichment_data>();
  return none;
}

}  // namespace weir
