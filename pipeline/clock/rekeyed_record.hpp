#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/rules.hpp"

namespace weir {

/// A record of a source that is not keyed by session, as it goes through weir.rekeyed: where it stood, how
/// far its partition's clock had come, and the payload as it came. sessions.md, "Two clocks"; topology.md.
struct rekeyed_record {
  std::string_view topic;      // of the source
  std::int32_t partition = 0;  // of the source
  std::int64_t offset = 0;
  std::int64_t time = 0;       // broker time, milliseconds
  std::int64_t watermark = 0;  // W as the records before it left it; -2^60 before the first valid one
  std::uint64_t size = 0;      // of the payload as it came, bytes
  std::string_view payload;    // all of it, or of one that is too large its beginning

  bool whole() const { return payload.size() == size; }
};

/// The longest payload that is passed on whole: it and its header must fit into an output record.
std::size_t rekeyed_max_bytes(const rules& r);

/// Appends the record to `out`.
void encode(const rekeyed_record& record, std::string& out);
/// The texts point into `bytes`. Throws decode_error.
rekeyed_record decode_rekeyed_record(std::string_view bytes);

}  // namespace weir
