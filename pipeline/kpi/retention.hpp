#pragma once

#include <cstdint>

namespace weir {

/// How many shares of a cohort's retention can be told when the lowest watermark stands here: a record is to
/// be published anew whenever it grows.
unsigned retention_told(std::int64_t cohort_end, std::int64_t watermark);
/// When all can be told.
std::int64_t retention_complete(std::int64_t cohort_end);

}  // namespace weir
