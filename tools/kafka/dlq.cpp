#include "tools/kafka/dlq.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "pipeline/base/base64.hpp"
#include "pipeline/base/json_writer.hpp"
#include "tools/decode/envelope.hpp"
#include "tools/kafka/dead_letter_index.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/options.hpp"

namespace weir {

namespace {

std::string time_text(std::int64_t milliseconds) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(milliseconds)};
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", std::chrono::floor<std::chrono::seconds>(at));
}

struct row {
  std::uint64_t letters = 0, replayed = 0, again = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = 0;

  void add(const dead_letter_index::entry& e) {
    ++letters;
    replayed += e.replayed;
    again += e.again;
    first = std::min(first, e.timestamp);
    last = std::max(last, e.timestamp);
  }
};
using row_key = std::pair<std::string, std::string>;  // reason, topic

/// The largest first.
std::vector<std::pair<row_key, row>> rows_of(const dead_letter_index& index, std::uint64_t limit) {
  std::map<row_key, row> by_reason;
  for (const auto& [_, e] : index.entries()) by_reason[{e.reason, e.topic}].add(e);
  std::vector<std::pair<row_key, row>> rows(by_reason.begin(), by_reason.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second.letters > b.second.letters; });
  if (limit > 0 && rows.size() > limit) rows.resize(limit);
  return rows;
}

void print_json(const row_key& key, const row& r) {
  std::string text;
  json_writer(text)
      .begin_object()
      .field("reason", key.first)
      .field("topic", key.second)
      .field("dead_letters", r.letters)
      .field("replayed", r.replayed)
      .field("failed_again", r.again)
      .field("first", r.first)
      .field("last", r.last)
      .end_object();
  fmt::print("{}\n", text);
}

/// The letter as JSON, its key with it, its payload as text or base64.
std::string letter_json(const std::string& key, const dead_letter_view& letter) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("key", key).field("reason", letter.reason).optional("field", letter.field);
  out.field("message", letter.message).name("source").begin_object();
  out.field("topic", letter.topic).field("partition", std::int64_t{letter.partition});
  out.field("offset", letter.offset).field("timestamp", letter.timestamp).end_object();
  if (letter.withheld)
    out.field("payload_withheld", true);
  else
    write_bytes("payload", letter.payload, out, text);
  if (letter.truncated) out.field("payload_truncated", true);
  out.end_object();
  return text;
}

void print_letter(const std::string& key, const dead_letter_view& letter) {
  fmt::print("{}  {}  {}{}{}\n  {}\n", key, time_text(letter.timestamp), letter.reason,
             letter.field.empty() ? "" : " of ", letter.field, letter.message);
  if (letter.withheld) return fmt::print("  payload withheld: ids in it could not be found and hashed\n");
  std::string payload = letter.payload;
  if (!letter.text) {
    payload.clear();
    append_base64(payload, letter.payload);
  }
  fmt::print("  payload{}{}: {}\n", letter.text ? "" : " (base64)", letter.truncated ? " (cut)" : "",
             payload);
}

}  // namespace

int dlq_list(const settings& configuration, const dlq_options& options) {
  return guarded("weir dlq list", std::cerr, [&] {
    dead_letter_index index(options);
    kafka_cluster cluster(kafka_options_of(configuration));
    index.read(cluster);
    const auto rows = rows_of(index, options.limit);
    if (!options.json)
      fmt::print("{:>8} {:>8} {:>12}  {:<19} {:<24} {:<20}  {}\n", "LETTERS", "REPLAYED", "FAILED AGAIN",
                 "REASON", "TOPIC", "FIRST", "LAST");
    for (const auto& [key, r] : rows) {
      if (options.json)
        print_json(key, r);
      else
        fmt::print("{:>8} {:>8} {:>12}  {:<19} {:<24} {:<20}  {}\n", r.letters, r.replayed, r.again,
                   key.first, key.second, time_text(r.first), time_text(r.last));
    }
    return 0;
  });
}

int dlq_show(const settings& configuration, const dlq_options& options) {
  return guarded("weir dlq show", std::cerr, [&] {
    dead_letter_index index(options);
    kafka_cluster cluster(kafka_options_of(configuration));
    index.read(cluster);
    index.for_each_letter(cluster, [&](const auto& key, const auto&, const dead_letter_view& letter) {
      options.json ? fmt::print("{}\n", letter_json(key, letter)) : print_letter(key, letter);
    });
    return 0;
  });
}

}  // namespace weir
