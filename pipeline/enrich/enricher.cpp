#include "pipeline/enrich/enricher.hpp"

#include "pipeline/event/device_type.hpp"

namespace weir {

void enricher::enrich(event& e, arena&) { find_device(e); }

void enricher::find_device(event& e) {
  if (const auto type = device_type_of(e); type != "unknown") e[text::device_type] = type;
}

}  // namespace weir
