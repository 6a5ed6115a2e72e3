#include "tools/bench/bench_sink.hpp"

#include "actors/clock_report.hpp"
#include "pipeline/base/json_writer.hpp"

namespace weir::bench {

namespace {

/// A gold record without its revision and watermark: the number behind each of the names.
std::uint64_t content_of(std::string_view gold) {
  std::uint64_t sum = 0;
  for (const std::string_view name : {"\"watermark\":", "\"revision\":"}) {
    const auto at = gold.rfind(name) + name.size();
    sum = mix(sum, hash64(gold.substr(gold.find(',', at))));
    gold = gold.substr(0, at);
  }
  return mix(sum, hash64(gold));
}

/// True when every metric is 0 or null: such a record need not exist.
bool is_zero(std::string_view gold) {
  const auto metrics = gold.substr(gold.find("\"metrics\":{") + 10);
  for (auto at = metrics.find("\":"); at != std::string_view::npos; at = metrics.find("\":", at + 2)) {
    const auto value = metrics.substr(at + 2);
    const bool nothing = value.starts_with("0,") || value.starts_with("0}") || value.starts_with("null");
    if (!nothing) return false;
    if (value.substr(0, value.find(',')).find('}') != std::string_view::npos) break;
  }
  return true;
}

void write_last(output topic, const absl::flat_hash_map<std::uint64_t, std::uint64_t>& records,
                json_writer& out) {
  std::uint64_t sum = 0;
  for (const auto& [key, content] : records) sum += mix(key, content);
  out.name(to_string(topic)).begin_object();
  out.field("records", static_cast<std::uint64_t>(records.size())).field("sum", sum).end_object();
}

}  // namespace

void bench_sink::take(const outbox& box, const outbox::record& r) {
  const auto value = box.value(r);
  if (r.topic == output::gold) {
    ++gold_published_;
    const auto key = mix(hash64(box.key(r)), r.family);
    if (is_zero(value))
      gold_.erase(key);
    else
      gold_[key] = content_of(value);
    return;
  }
  if (r.topic == output::users) {
    users_[hash64(box.key(r))] = hash64(value);
    return;
  }
  if (box.key(r).starts_with(clock_key_prefix)) return;
  auto& t = totals_[static_cast<std::size_t>(r.topic)];
  ++t.records;
  t.bytes += value.size();
  if (hashing_) t.sum += hash64(value);
}

std::string bench_sink::summary() const {
  std::string text;
  json_writer out(text);
  out.begin_object();
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    const auto topic = static_cast<output>(i);
    if (topic == output::partials || topic == output::gold || topic == output::users) continue;
    const auto& t = totals_[i];
    out.name(to_string(topic)).begin_object();
    out.field("records", t.records).field("bytes", t.bytes).field("sum", t.sum).end_object();
  }
  write_last(output::users, users_, out);
  write_last(output::gold, gold_, out);
  out.end_object();
  return text;
}

}  // namespace weir::bench
