#include "tools/decode/state_json.hpp"

#include <fmt/format.h>

#include "actors/kpi_task.hpp"
#include "actors/users_task.hpp"
#include "pipeline/event/utf8.hpp"
#include "pipeline/kpi/gold_sketches.hpp"
#include "pipeline/kpi/window_cell.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/checkpoint/new_beginning.hpp"
#include "state/checkpoint/stored_value.hpp"
#include "tools/decode/cell_json.hpp"
#include "tools/decode/clock_json.hpp"
#include "tools/decode/session_json.hpp"
#include "tools/decode/user_json.hpp"

namespace weir {

namespace {

constexpr std::size_t part_name_size = 8;

std::string part_text(stage of, std::string_view key) {
  if (key.size() < 1 + part_name_size) throw decode_error("the key of a part that is none");
  std::uint64_t name = 0;
  for (const char c : key.substr(key.size() - part_name_size))
    name = name << 8 | static_cast<unsigned char>(c);
  return state_key_text(of, key.substr(1, key.size() - 1 - part_name_size)) + '#' + std::to_string(name);
}

std::string cell_text(std::string_view key) {
  const auto name = parse_cell_state_key(key);
  gold_record g;
  g.fam = name.fam;
  g.site = name.site;
  g.size = name.window.size;
  g.start = name.window.start;
  g.key = name.key;
  return fmt::format("{}|{}", definition(name.fam).name, gold_key(g));
}

void write_digest(std::string_view name, const digest& d, json_writer& out) {
  out.name(name)
      .begin_object()
      .field("count", d.count)
      .field("sum", fmt::format("{:016x}", d.sum))
      .end_object();
}

void write_mark(const mark& m, json_writer& out) {
  out.begin_object().field("offset", m.offset);
  write_clock("w", m.clocks.w, out);
  write_clock("c", m.clocks.c, out);
  out.field("committed_at", m.wall).end_object();
}

void write_epoch(std::string_view bytes, json_writer& out) {
  const auto r = decode_epoch_record(bytes);
  out.begin_object().field("next", r.next).field("redo_from", r.redo_from());
  out.name("marks").begin_array();
  for (const auto& m : r.ring) write_mark(m, out);
  out.end_array().name("dead").begin_array();
  for (const auto offset : r.dead) out.value(offset);
  out.end_array().name("dead_keys").begin_array();
  for (const auto& dead : r.dead_keys)
    out.begin_object().field("offset", dead.offset).field("key", to_utf8(dead.key)).end_object();
  out.end_array();
  write_digest("owed", r.owed, out);
  out.end_object();
}

void write_reset(std::string_view value, json_writer& out) {
  byte_reader in(value);
  out.begin_object().field("given_up_below", in.zigzag()).end_object();
}

void write_window(std::string_view key, std::string_view value, json_writer& out) {
  const auto name = parse_cell_state_key(key);
  const auto cell = window_cell::decode(value);
  out.begin_object().field("family", definition(name.fam).name).field("site", name.site);
  out.field("granularity", to_string(name.window.size)).field("window_start", name.window.start);
  out.field("window_end", name.window.end).field("shard", name.shard);
  write_gold_key(name.fam, name.key, out);
  out.field("unpublished", cell.changed).field("in_rollups", cell.fed).field("published", cell.told);
  out.field("events_final", cell.told_events_final).field("final", cell.told_final).name("data");
  write_cell(name.fam, cell.data, out);
  out.end_object();
}

void write_value(stage of, std::string_view key, std::string_view value, bool whole, json_writer& out) {
  if (key == epoch_key) return write_epoch(value, out);
  if (key == reset_key) return write_reset(value, out);
  if (of == stage::ingest)
    return whole ? write_key_state(decode_key_state(value), out)
                 : write_key_outline(decode_key_outline(value), out);
  if (of == stage::users && key.starts_with(user_key_prefix))
    return whole ? write_user_state(decode_user_state(value), out)
                 : write_user_outline(decode_user_outline(value), out);
  if (key.starts_with(cell_key_prefix)) return write_window(key, value, out);
  out.begin_object();
  write_report(decode_clock_report(value), out);
  out.end_object();
}

}  // namespace

std::string state_key_text(stage of, std::string_view key) {
  if (key == reset_key) return "reset";
  if (key == epoch_key) return "epoch";
  if (is_part(key)) return part_text(of, key);
  if (of == stage::kpis && key.starts_with(cell_key_prefix)) return to_utf8(cell_text(key));
  if (of == stage::users && key.starts_with(user_key_prefix)) return to_utf8(user_of_state_key(key));
  if (of != stage::ingest && key.starts_with(source_key_prefix)) return "clock|" + to_utf8(key.substr(1));
  return to_utf8(key);
}

std::string state_entry_json(stage of, std::string_view key, std::optional<std::string_view> stored) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("key", state_key_text(of, key));
  if (!stored) {
    out.field("deleted", true);
  } else if (is_part(key)) {
    out.field("part_bytes", std::uint64_t{stored->size()});
  } else {
    const auto head = decode_stored(*stored);
    out.field("stamp", head.stamp);
    if (!head.parts.empty()) out.field("parts", std::uint64_t{head.parts.size()});
    if (head.tombstone) {
      out.field("tombstone", true);
    } else {
      out.name("value");
      write_value(of, key, head.bytes, head.parts.empty(), out);
    }
  }
  out.end_object();
  return text;
}

std::string state_value_json(stage of, std::string_view key, std::int64_t stamp, std::string_view value) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("key", state_key_text(of, key)).field("stamp", stamp).name("value");
  write_value(of, key, value, true, out);
  out.end_object();
  return text;
}

}  // namespace weir
