#include "tests/fuzz/state_encodings.hpp"
#include "tests/fuzz/bytes_of.hpp"

#include <cstdio>
#include <cstdlib>

#include "actors/clock_report.hpp"
#include "pipeline/kpi/gold_merge.hpp"
#include "pipeline/kpi/partial_codec.hpp"
#include "pipeline/kpi/window_cell.hpp"
#include "pipeline/session/key_state.hpp"
#include "pipeline/users/user_state.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/log/record_run.hpp"
#include "tests/fuzz/state_seeds.hpp"

namespace weir::fuzz {

void demand(bool holds, const char* what, const char* where) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s: %s\n", where, what);
  std::abort();
}

namespace {

template <class T>
T read(std::string_view bytes) {
  byte_reader in(bytes);
  auto value = T::decode(in);
  in.finish();
  return value;
}

template <class Sketch>
std::string sketch_again(std::string_view bytes) {
  const auto sketch = read<Sketch>(bytes);
  const auto again = bytes_of(sketch);
  demand(read<Sketch>(again) == sketch, "an equal sketch comes back", "sketches");
  return again;
}

std::string cell_again(std::string_view bytes) { return bytes_of(read<cell>(bytes)); }

std::string window_cell_again(std::string_view bytes) {
  std::string again;
  window_cell::decode(bytes).encode(again);
  return again;
}

std::string cell_key_again(std::string_view bytes) {
  const auto name = parse_cell_state_key(bytes);
  demand(name.fam < family::count_ && !to_string(name.window.size).empty(), "names are known", "cell key");
  return cell_state_key(name);
}

std::string key_state_again(std::string_view bytes) {
  const auto key = decode_key_state(bytes);
  parted_value again;
  encode(key, again);
  demand(decode_key_state(again.bytes).sessions == key.sessions, "equal sessions come back", "key state");
  demand(decode_key_outline(again.head()).sessions.size() == key.sessions.size(), "a head tells of all",
         "key state");
  return again.bytes;
}

std::string user_state_again(std::string_view bytes) {
  const auto user = decode_user_state(bytes);
  parted_value again;
  encode(user, again);
  demand(decode_user_state(again.bytes) == user, "an equal user comes back", "user state");
  demand(decode_user_outline(again.head()).sessions == user.sessions.size(), "a head tells of all",
         "user state");
  return again.bytes;
}

std::string epoch_record_again(std::string_view bytes) {
  const auto record = decode_epoch_record(bytes);
  std::string again;
  encode(record, again);
  demand(decode_epoch_record(again) == record, "an equal record comes back", "epoch record");
  return again;
}

std::string clock_report_again(std::string_view bytes) {
  const auto report = decode_clock_report(bytes);
  std::string again;
  encode(report, again);
  demand(decode_clock_report(again) == report, "an equal report comes back", "clock report");
  return again;
}

std::string partial_again(std::string_view bytes) {
  const auto record = decode_partial(bytes);
  partial_writer out;
  out.begin(record.site, record.fam, record.shard, record.late);
  for (const auto& d : record.deltas) {
    std::string delta;
    encode_key_and_cell(record.fam, d.key, d.data, delta);
    out.append(d.window, delta);
  }
  return std::string(out.bytes());
}

std::string run_again(std::string_view bytes) {
  const auto chunk = decode_run(bytes);
  demand(!chunk->entries.empty(), "a run holds a record", "record run");
  return encode_run(*chunk);
}

/// The union of one record, without its granularity, which is another.
std::string gold_again(std::string_view bytes) {
  static const rules settings;
  gold_merge sum(settings);
  sum.add(bytes);
  std::string again;
  sum.write(again);
  return again;
}

constexpr std::size_t dense = 16384;  // a hyperloglog of registers takes so much, and three bytes can say it
constexpr state_encoding all[] = {
    {"key state", 256, key_state_again, key_state_seeds},
    {"user state", 256, user_state_again, user_state_seeds},
    {"epoch record", 256, epoch_record_again, epoch_record_seeds},
    {"partial record", dense, partial_again, partial_seeds},
    {"window cell", dense, window_cell_again, window_cell_seeds},
    {"window cell's key", 64, cell_key_again, cell_key_seeds},
    {"cell", dense, cell_again, cell_seeds},
    {"hyperloglog", dense, sketch_again<hyperloglog>, hyperloglog_seeds},
    {"ddsketch", 64, sketch_again<ddsketch>, ddsketch_seeds},
    {"top", 256, sketch_again<top_counts>, top_seeds},
    {"clock report", 64, clock_report_again, clock_report_seeds},
    {"record run", 256, run_again, run_seeds},
    {"gold record", dense, gold_again, gold_seeds},
};

}  // namespace

std::span<const state_encoding> state_encodings() { return all; }

}  // namespace weir::fuzz
