#pragma once

#include <string_view>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/family.hpp"

namespace weir {

/// Appends `"sketches":{..}`: every sketch of the cell that holds something, under its name, as base64 of its
/// bytes. docs/sketches.md, "In gold records".
void write_sketches(family fam, const cell& c, json_writer& out);

/// Reads one of them into its slot. Throws decode_error; a name that the family has not is left alone.
void read_sketch(family fam, std::string_view name, std::string_view base64, cell& c);

/// True when the family keeps more than sums.
bool has_sketches(family fam);

/// True when a top of the cell has seen more keys than it can count exactly.
bool is_approximate(const cell& c);

/// Appends `"key":{..}` with the names of the family's parts.
void write_gold_key(family fam, const std::array<std::string_view, 3>& key, json_writer& out);

}  // namespace weir
