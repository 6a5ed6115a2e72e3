#pragma once

#include "config/settings.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// How the configuration says that Kafka is reached. Throws config_error when a secret is not there.
kafka_options kafka_options_of(const settings& s);

/// `node.id`; `auto` is the host's name.
std::string node_id(const settings& s);

}  // namespace weir
