#include <fmt/format.h>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/checkpoint/stored_value.hpp"
#include "tools/decode/clock_json.hpp"
#include "tools/decode/state_json.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/local_state.hpp"
#include "tools/kafka/state.hpp"

namespace weir {

namespace {

/// What is told of one task.
struct overview {
  std::uint64_t values = 0, parts = 0, tombstones = 0, bytes = 0;
  std::int64_t position = 0, time = 0;
  std::optional<epoch_record> epoch;
};

overview overview_of(task_store& store) {
  overview o;
  o.position = store.position();
  o.time = store.time();
  store.scan({}, [&](std::string_view key, std::string_view value) {
    o.bytes += key.size() + value.size();
    if (key == epoch_key) {
      o.epoch = decode_epoch_record(decode_stored(value).bytes);
    } else if (is_part(key)) {
      ++o.parts;
    } else if (!key.starts_with('\0')) {
      ++(decode_stored(value).tombstone ? o.tombstones : o.values);
    }
    return true;
  });
  return o;
}

void print_json(const task_id& task, const overview& o) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("task", to_string(task)).field("stage", to_string(task.of));
  out.field("keys", o.values)
      .field("parts", o.parts)
      .field("tombstones", o.tombstones)
      .field("bytes", o.bytes);
  out.field("changelog_position", o.position).field("changed_at", o.time);
  if (o.epoch) {
    const auto& last = o.epoch->ring.empty() ? mark() : o.epoch->ring.back();
    out.field("next", o.epoch->next).field("redo_from", o.epoch->redo_from());
    write_clock("w", last.clocks.w, out);
    write_clock("c", last.clocks.c, out);
    out.field("committed_at", last.wall);
  }
  out.end_object();
  fmt::print("{}\n", text);
}

std::string age(std::int64_t time) {
  return time > 0 ? fmt::format("{} s", std::max<std::int64_t>(0, wall_now() - time) / 1000) : "-";
}

void print_row(const task_id& task, const overview& o) {
  const auto offset = [&](std::int64_t x) { return o.epoch ? std::to_string(x) : "-"; };
  fmt::print("{:<28} {:<6} {:>9} {:>9} {:>12} {:>12} {:>9} {:>12} {:>12}\n", to_string(task),
             to_string(task.of), o.values, o.parts, o.bytes, o.position, age(o.time),
             offset(o.epoch ? o.epoch->next : 0), offset(o.epoch ? o.epoch->redo_from() : 0));
}

/// The key as it is stored; nothing when there is none that is shown so.
std::optional<std::string> stored_key(task_store& store, stage of, const std::string& text) {
  if (text == "epoch") return std::string(epoch_key);
  if (store.get(text)) return text;
  std::optional<std::string> found;
  store.scan(first_value_key, [&](std::string_view key, std::string_view) {
    if (state_key_text(of, key) == text) found = key;
    return !found;
  });
  return found;
}

bool print_value(task_store& store, const task_id& task, const std::string& text) {
  const auto key = stored_key(store, task.of, text);
  const auto stored = key ? store.get(*key) : std::nullopt;
  if (!stored) return false;
  const auto head = decode_stored(*stored);
  if (head.tombstone) {
    fmt::print("{}\n", state_entry_json(task.of, *key, *stored));
  } else {
    parted_value value;
    read_value(store, *key, head, value);
    fmt::print("{}\n", state_value_json(task.of, *key, head.stamp, value.bytes));
  }
  return true;
}

}  // namespace

int state_inspect(const settings& configuration, const state_options& options) {
  return guarded("weir state inspect", std::cerr, [&] {
    local_state local(options.folder.empty() ? configuration.node.data_dir : options.folder);
    bool found = false;
    if (options.key.empty() && !options.json)
      fmt::print("{:<28} {:<6} {:>9} {:>9} {:>12} {:>12} {:>9} {:>12} {:>12}\n", "TASK", "STAGE", "KEYS",
                 "PARTS", "BYTES", "POSITION", "AGE", "NEXT", "REDO FROM");
    for (const auto& task : local.tasks()) {
      if (!options.task.empty() && to_string(task) != options.task) continue;
      const auto store = local.open(task);
      if (!options.key.empty()) {
        found = print_value(*store, task, options.key) || found;
        continue;
      }
      found = true;
      options.json ? print_json(task, overview_of(*store)) : print_row(task, overview_of(*store));
    }
    if (found) return 0;
    throw std::runtime_error(options.key.empty() ? "there is no state of such a task"
                                                 : "no task has the key " + options.key + " on disk");
  });
}

}  // namespace weir
