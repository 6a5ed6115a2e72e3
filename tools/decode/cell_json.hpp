#pragma once

#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/family.hpp"

namespace weir {

/// Writes what a cell holds as an object, for people: `sums`, `uniques` (estimates), `samples` (count and
/// percentiles) and `tops` (the first and its count) by name. What is 0 or empty is left out.
void write_cell(family fam, const cell& c, json_writer& out);

}  // namespace weir
