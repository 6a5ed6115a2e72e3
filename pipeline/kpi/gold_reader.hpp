#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/family.hpp"

namespace weir {

/// Thrown when text is no gold record, or records cannot be united: of another family, site or key than the
/// ones before, without the sketches that the family needs, or of windows that overlap.
struct gold_merge_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A window of a site and family, and what all of its records say.
struct gold_window {
  std::int64_t start = 0, end = 0;
  granularity size = granularity::five_minutes;
  bool final = false, events_final = false, capped = false;
  std::int64_t late_events = 0;
  bool operator==(const gold_window&) const = default;
};

/// Which record it is: all that decides whether it counts.
struct gold_head {
  family fam = family::site;
  std::string site;
  std::array<std::string, 3> key;
  gold_window window;
  std::int64_t revision = 0;
};

/// A gold record with its aggregates: what write_gold was given.
struct gold_content {
  gold_head head;
  std::int64_t watermark = 0;
  std::optional<std::int64_t> sessions_open;
  cell data;
};

/// Reads gold records as write_gold makes them. Keeps its buffers from record to record; not for two threads
/// at once. Throws gold_merge_error.
class gold_reader {
 public:
  gold_reader();
  ~gold_reader();

  /// The head alone.
  gold_head head(std::string_view json);
  /// All of it. Large amounts stay exact: numbers are read as they are written. A record without sketches is
  /// refused if its family has any.
  gold_content content(std::string_view json);

 private:
  struct parser;
  std::unique_ptr<parser> parser_;
};

}  // namespace weir
