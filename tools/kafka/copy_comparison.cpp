#include "tools/kafka/copy_comparison.hpp"

#include <algorithm>

namespace weir {

void copy_comparison::add_change(std::string_view key, std::int64_t offset,
                                 std::optional<std::string_view> value) {
  auto& h = keys_[std::string(key)];
  const auto print = value ? fingerprint(hash_of(*value)) : std::nullopt;
  if (offset < position_)
    h.at_position = print;
  else
    h.later.push_back(print);
}

bool copy_comparison::is_later(const history& h, const fingerprint& value) {
  const bool compacted = !h.at_position && !h.later.empty();  // what was before is not known
  return compacted || std::find(h.later.begin(), h.later.end(), value) != h.later.end();
}

void copy_comparison::add_copied(std::string_view key, std::string_view value) {
  auto& h = keys_[std::string(key)];
  h.copied = true;
  const fingerprint print = hash_of(value);
  if (h.at_position == print)
    ++equal_;
  else if (is_later(h, print))
    ++ahead_;
  else
    differences_.push_back(
        {std::string(key), h.at_position ? difference::kind::other_value : difference::kind::extra});
}

std::vector<copy_comparison::difference> copy_comparison::differences() const {
  auto all = differences_;
  for (const auto& [key, h] : keys_)
    if (!h.copied && h.at_position && !is_later(h, std::nullopt))
      all.push_back({key, difference::kind::missing});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return all;
}

}  // namespace weir
