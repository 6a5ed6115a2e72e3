#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/kpi/partial.hpp"

namespace weir {

/// Writes one record of weir.partials; its bytes are documented in partial_codec.cpp. Begin it, tell the late
/// counts, then append the deltas. Keeps its buffers from record to record.
class partial_writer {
 public:
  /// Bytes of a window at most.
  static constexpr std::size_t most_window_size = 10;

  void begin(std::string_view site, family fam, unsigned shard,
             const std::vector<partial_record::late_count>& late);
  void append(std::int64_t window, std::string_view key_and_cell);
  /// Bytes of the record so far.
  std::size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::int64_t window_ = 0;  // of the delta before
};

/// Appends the part of a delta that does not depend on the one before. Returns false when the cell is zero.
bool encode_key_and_cell(family fam, const std::array<std::string_view, 3>& key, const cell& data,
                         std::string& out);

}  // namespace weir
