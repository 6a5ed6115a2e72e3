#include "tools/kafka/record_filter.hpp"

#include "config/units.hpp"
#include "tools/usage_error.hpp"

namespace weir {

record_filter::record_filter(const rules& r) : key_(r.key), site_(r.site) {
  for (const auto& condition : r.where) {
    const auto equals = condition.find('=');
    if (equals == 0 || equals == condition.npos)
      throw usage_error("--where: expected FIELD=VALUE, like reason=missing_field, got \"" + condition + '"');
    where_.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
  }
}

bool record_filter::wants(std::string_view key, std::string_view value) {
  if (!key.starts_with(key_)) return false;
  if (site_.empty() && where_.empty()) return true;
  if (!json_.parse(value)) return false;
  if (!site_.empty() && !has("site_id", site_) && !has("site", site_)) return false;
  for (const auto& [path, wanted] : where_)
    if (!has(path, wanted)) return false;
  return true;
}

/// The same text, or the same number.
bool record_filter::has(const std::string& path, const std::string& wanted) const {
  const auto found = json_.at(path);
  if (!found || *found == wanted) return found.has_value();
  const auto number = config::parse_number(*found);
  return number && number == config::parse_number(wanted);
}

}  // namespace weir
