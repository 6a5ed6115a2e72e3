#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/kpi/family.hpp"

namespace weir {

/// A gold record as it stands, found.
struct found_gold {
  std::string text;
  std::int64_t start = 0, end = 0, revision = -1;
  std::size_t seen = 0;  // records of it, this one too
};

/// Finds one record among many: of a site, family and size of window, the one whose window holds a time (or
/// the newest), of one key, in its last revision.
class gold_search {
 public:
  struct wanted {
    std::string site;
    family fam = family::site;
    granularity size = granularity::five_minutes;
    std::optional<std::int64_t> at;                        // milliseconds
    std::vector<std::pair<std::string, std::string>> key;  // by name; what is not named may be anything
  };
  explicit gold_search(wanted w);
  ~gold_search();

  /// False when the text is no gold record.
  bool take(std::string_view json);
  const found_gold& found() const { return found_; }
  /// Keys of records that were like it but for the key, to name when none was found; at most a few.
  const std::vector<std::string>& other_keys() const { return others_; }

 private:
  struct parser;
  const wanted wanted_;
  std::unique_ptr<parser> parser_;
  found_gold found_;
  std::vector<std::string> others_;
};

}  // namespace weir
