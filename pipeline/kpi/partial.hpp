#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/contribution.hpp"

namespace weir {

/// Deltas of one (site, family, shard) since its task's last commit, as a record of weir.partials. Versioned
/// binary, the bytes are documented in partial.cpp. A window's `late` counts late events of the whole family
/// in that window, and is told to every shard.
struct partial_record {
  struct delta {
    std::int64_t window = 0;
    std::array<std::string_view, 3> key{};  // into the bytes that were decoded
    cell data;
  };
  struct late_count {
    std::int64_t window = 0;
    std::int64_t events = 0;
  };
  std::string_view site;
  family fam = family::site;
  unsigned shard = 0;
  std::vector<delta> deltas;
  std::vector<late_count> late;
};
partial_record decode_partial(std::string_view bytes);

/// The partial tier's table of one family: deltas of all sites, windows and keys since the last commit.
/// A pure value; one KPI actor holds it.
class partial_table {
 public:
  partial_table(family fam, unsigned shards);
  ~partial_table();
  partial_table(partial_table&&) noexcept;

  void add(const contribution& c, const addition* additions);
  /// Adds all contributions of its family: faster than one by one, since it asks for memory ahead.
  void add(const contributions& made);
  bool empty() const;
  /// Resident size of what is to be written, roughly, bytes.
  std::size_t bytes() const;

  /// Encodes everything as records of at most 256 KiB (a single larger cell alone), calls `emit(key, value)`
  /// with the topic's key `site|family|shard` for each, in a fixed order (site, shard, window, hash of the
  /// key), and clears the table. Cells that came to nothing are left out.
  void flush(const std::function<void(std::string_view key, std::string_view value)>& emit);

 private:
  struct tables;
  std::unique_ptr<tables> tables_;
};

}  // namespace weir
