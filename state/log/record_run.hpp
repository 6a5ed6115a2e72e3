#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pipeline/log/log.hpp"

namespace weir {

/// How the local log stores records: in runs of those of one partition that became visible together.
///
/// Key of a run: the topic's number (4 bytes), partition (4), offset of its last record (8), big-endian, so
/// that a seek to an offset finds the run that holds it. A run: count, offset of the first; then each
/// record's time (zig-zag, against the one before), key and value, each with its length.
std::string run_key(std::uint32_t topic, std::int32_t partition, std::int64_t last);
/// What all keys of a partition begin with.
std::string run_prefix(std::uint32_t topic, std::int32_t partition);
/// The offset of the last record, of a run's key.
std::int64_t last_offset(std::string_view run_key);

std::string encode_run(const record_chunk& chunk);
/// Throws decode_error.
std::shared_ptr<record_chunk> decode_run(std::string_view bytes);

}  // namespace weir
