#pragma once

#include <string>

#include "pipeline/kpi/family.hpp"
#include "pipeline/log/record.hpp"

namespace weir {

/// `weir.gold.<family>`
std::string gold_topic(family fam);
/// The topic that an output record goes to: `weir.events`, ..., `weir.gold.<family>`.
std::string topic_of(const outbox::record& r);

}  // namespace weir
