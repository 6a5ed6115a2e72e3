#pragma once

#include <cstdint>
#include <string>

#include "pipeline/log/log.hpp"

namespace weir {

/// What to tell when a task must read on at an offset that its partition does not have, and what the
/// partition has, from the first offset to before the end.
std::string input_fault(const task_id& task, std::int64_t position, std::int64_t first, std::int64_t end);

}  // namespace weir
