#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/decode/json_fields.hpp"

namespace weir {

/// Which records of a topic are wanted, by key and fields of the value. Used by one thread.
class record_filter {
 public:
  struct rules {
    std::string key;                 // what the key begins with
    std::string site;                // site_id or site of the value
    std::vector<std::string> where;  // FIELD=VALUE, all of them; FIELD may be a path like source.topic
  };
  /// Throws usage_error when a condition is none.
  explicit record_filter(const rules& r);

  /// `value` as `readable_value` has it.
  bool wants(std::string_view key, std::string_view value);

 private:
  bool has(const std::string& path, const std::string& wanted) const;

  std::string key_, site_;
  std::vector<std::pair<std::string, std::string>> where_;
  json_fields json_;
};

}  // namespace weir
