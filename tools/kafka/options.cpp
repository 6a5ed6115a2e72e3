#include "tools/kafka/options.hpp"

#include <unistd.h>

#include "config/references.hpp"

namespace weir {

kafka_options kafka_options_of(const settings& s) {
  kafka_options o;
  o.brokers = s.kafka.brokers;
  o.group = s.kafka.group;
  o.prefix = s.kafka.prefix;
  o.properties = resolved_properties(s);
  o.from_earliest = s.kafka.start == "earliest";
  return o;
}

std::string node_id(const settings& s) {
  if (s.node.id != "auto") return s.node.id;
  char name[256] = "node";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace weir
