#include "pipeline/kpi/family.hpp"

#include "pipeline/kpi/families.hpp"

namespace weir {

namespace {

/// By family.
constexpr std::array<const family_definition*, families> definitions{
    &site_definition,   &pages_definition,    &sources_definition,   &devices_definition,
    &geo_definition,    &elements_definition, &forms_definition,     &videos_definition,
    &events_definition, &funnels_definition,  &retention_definition, &journeys_definition,
    &quality_definition};

constexpr std::array<std::string_view, 5> granularity_names{"5m", "1h", "1d", "1dl", "range"};

}  // namespace

const family_definition& definition(family id) { return *definitions[static_cast<std::size_t>(id)]; }

std::optional<family> find_family(std::string_view name) {
  for (const auto* d : definitions)
    if (d->name == name) return d->id;
  return std::nullopt;
}

family decode_family(byte_reader& in) {
  const auto number = in.byte();
  if (number >= families) throw decode_error("no such family");
  return static_cast<family>(number);
}

unsigned shard_of(family id, std::string_view first_key_part, unsigned shards) {
  if (shards < 2 || !definition(id).sharded) return 0;
  return static_cast<unsigned>(hash64(first_key_part) % shards);
}

std::string_view to_string(granularity g) { return granularity_names[static_cast<std::size_t>(g)]; }

std::optional<granularity> find_granularity(std::string_view name) {
  for (std::size_t i = 0; i < granularity_names.size(); ++i)
    if (granularity_names[i] == name) return static_cast<granularity>(i);
  return std::nullopt;
}

granularity decode_granularity(byte_reader& in) {
  const auto number = in.byte();
  if (number >= granularity_names.size()) throw decode_error("no such granularity");
  return static_cast<granularity>(number);
}

}  // namespace weir
