#include "state/log/topic_of.hpp"

namespace weir {

std::string gold_topic(family fam) {
  return std::string(to_string(output::gold)) + '.' + std::string(definition(fam).name);
}

std::string topic_of(const outbox::record& r) {
  return r.topic == output::gold ? gold_topic(static_cast<family>(r.family))
                                 : std::string(to_string(r.topic));
}

}  // namespace weir
