#pragma once

#include <string>

#include "pipeline/log/record.hpp"

namespace weir {

/// The topic that an output record goes to: `weir.events`, ..., `weir.gold.<family>`.
std::string topic_of(const outbox::record& r);

}  // namespace weir
