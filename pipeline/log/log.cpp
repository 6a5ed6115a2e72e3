#include "pipeline/log/log.hpp"

namespace weir {

std::string_view to_string(stage s) { return s == stage::ingest ? "ingest" : "kpis"; }

std::string to_string(const task_id& id) { return id.topic + '/' + std::to_string(id.partition); }

}  // namespace weir
