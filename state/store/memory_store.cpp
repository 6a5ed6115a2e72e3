#include "state/store/memory_store.hpp"

namespace weir {

std::optional<std::string> memory_store::get(std::string_view key) {
  const auto found = now_.values.find(key);
  if (found == now_.values.end()) return std::nullopt;
  return found->second;
}

void memory_store::scan(std::string_view from,
                        const std::function<bool(std::string_view, std::string_view)>& visit) {
  for (auto i = now_.values.lower_bound(from); i != now_.values.end(); ++i)
    if (!visit(i->first, i->second)) return;
}

void memory_store::apply(const std::vector<state_change>& changes) {
  for (const auto& change : changes) {
    if (change.value)
      now_.values.insert_or_assign(change.key, *change.value);
    else
      now_.values.erase(change.key);
  }
}

}  // namespace weir
