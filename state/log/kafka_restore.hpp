#pragma once

#include <functional>

#include "pipeline/log/log.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// Replays a changelog partition from a position on: committed records only, up to where it ends now, for
/// what is still open there is waited. Calls `apply(change, broker time)` in order and returns the end. A
/// position that the broker no longer has begins at its first record. Throws kafka_error.
std::int64_t restore_changelog(const kafka_options& options, const task_id& task, std::int64_t from,
                               const std::function<void(const state_change&, std::int64_t)>& apply);

}  // namespace weir
