#pragma once

#include <memory>

namespace weir {

class agent_matcher;
class bot_agents;
class geo_database;

/// What events are enriched with: lists and databases, each immutable once made, shared by all lanes of the
/// process. What is null is not there, and the client's claim stands. When a file changes, a new one is made
/// of those that did not and the one that did.
struct enrichment_data {
  std::shared_ptr<const agent_matcher> agents;  // device, browser and operating system of a user agent
  std::shared_ptr<const bot_agents> bots;       // which agents are bots'
  std::shared_ptr<const geo_database> places;   // country, region and city of an address
};

/// The data that a lane is to enrich with from now on; never null.
using shared_enrichment = std::shared_ptr<const enrichment_data>;

/// Without any list or database.
inline shared_enrichment no_enrichment() {
  static const auto none = std::make_shared<const enrichment_data>();
  return none;
}

}  // namespace weir
