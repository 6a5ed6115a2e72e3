#pragma once

#include <cstdint>

namespace weir {

/// What a RocksDB takes, and whether it holds writers up.
struct store_usage {
  std::uint64_t block_cache_bytes = 0, memtable_bytes = 0, table_reader_bytes = 0;  // memory
  std::uint64_t disk_bytes = 0;                                                     // of live tables
  std::uint64_t pending_compaction_bytes = 0;  // to be rewritten until nothing is due
  std::uint64_t errors = 0;                    // of flushes and compactions in the background
  double stall_seconds = 0;                    // that writers were held up since it was opened
  bool stopped = false;                        // writers wait now
};

}  // namespace weir
