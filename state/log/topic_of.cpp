#include "state/log/topic_of.hpp"

#include "pipeline/kpi/family.hpp"

namespace weir {

std::string topic_of(const outbox::record& r) {
  std::string name(to_string(r.topic));
  if (r.topic != output::gold) return name;
  return name + '.' + std::string(definition(static_cast<family>(r.family)).name);
}

}  // namespace weir
