#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// What a family's code needs to write metrics.
struct metrics_context {
  std::string_view site;
  const rules& settings;
  const cell* joined =
      nullptr;  // elements: the page's own cell (key part `page_marker`); null when there is none
  std::int64_t window_end = 0;
  std::int64_t watermark = 0;  // the lowest of all sources
};

/// Second key part of the hidden cell of family elements that counts the page's views: an element's record
/// divides by them. It has no record of its own.
inline constexpr std::string_view page_marker = "\x01page";

/// One family: its name, its key, its slots, and how a cell becomes metrics. One file a family in
/// `pipeline/kpi/`.
struct family_definition {
  family id;
  std::string_view name;                      // as in `weir.gold.<name>`
  std::span<const std::string_view> key;      // names of the key's parts
  bool sharded;                               // by hash64(first key part) mod kpi.shards
  std::span<const std::string_view> sums;     // metric names by slot
  std::span<const bool> micros;               // by sum slot: an amount of 10^-6 (empty: none is)
  std::span<const std::string_view> uniques;  // metric names by slot
  std::span<const std::string_view> samples;  // sketch names by slot
  std::span<const std::string_view> tops;
  /// Appends the fields of `metrics`: every sum and unique under its name, then what is derived from them.
  void (*write_metrics)(const cell& c, const metrics_context& context, json_writer& out);
};

const family_definition& definition(family id);
/// By name; nothing when there is no such family.
std::optional<family> find_family(std::string_view name);
/// By its number, a byte. Throws decode_error.
family decode_family(byte_reader& in);
/// The shard that a key's records go to.
unsigned shard_of(family id, std::string_view first_key_part, unsigned shards);

/// 5m, 1h, 1d, 1dl; `range` is a union of records of any windows, see gold_merge.hpp.
enum class granularity : std::uint8_t { five_minutes, hour, day, local_day, range };
std::string_view to_string(granularity g);
/// By name; nothing when there is no such granularity.
std::optional<granularity> find_granularity(std::string_view name);
/// By its number, a byte. Throws decode_error.
granularity decode_granularity(byte_reader& in);

/// What a gold record says beside its metrics. kpis.md, "Gold record".
struct gold_record {
  family fam = family::site;
  std::string_view site;
  granularity size = granularity::five_minutes;
  std::int64_t start = 0, end = 0;
  std::array<std::string_view, 3> key{};
  std::int64_t revision = 0;
  bool events_final = false, final = false, capped = false;
  std::int64_t watermark = 0;
  std::int64_t late_events = 0;
  std::optional<std::int64_t> sessions_open;  // null when not known
  bool with_sketches = false;
  std::uint64_t records = 0;  // of a union: how many are in it; else 0
};

/// `site|granularity|window_start|key...`, `%` and `|` inside a part percent-encoded.
std::string gold_key(const gold_record& g);
/// Appends the record's JSON. `joined` as in metrics_context. `approximate` is there when a top is.
void write_gold(const gold_record& g, const cell& c, const rules& settings, std::string& out,
                const cell* joined = nullptr);

}  // namespace weir
