#include "tools/kafka/dead_letter_index.hpp"

#include <fmt/format.h>

#include "pipeline/log/record.hpp"
#include "tools/time_option.hpp"
#include "tools/usage_error.hpp"

namespace weir {

namespace {
using bounds = std::numeric_limits<std::int64_t>;
const std::string dlq_topic(to_string(output::dlq));
}  // namespace

dead_letter_index::dead_letter_index(const dlq_options& options)
    : options_(options),
      since_(time_option("--since", options.since, bounds::min())),
      until_(time_option("--until", options.until, bounds::max())) {
  if (since_ >= until_) throw usage_error("--until must be after --since");
}

bool dead_letter_index::wanted(const std::string& key, const dead_letter_view& letter) const {
  const auto is = [](const std::string& asked, const std::string& got) {
    return asked.empty() || asked == got;
  };
  return is(options_.reason, letter.reason) && is(options_.topic, letter.topic) && is(options_.key, key) &&
         letter.timestamp >= since_ && letter.timestamp < until_;
}

void dead_letter_index::read(kafka_cluster& cluster) {
  json_fields json;
  read_all(cluster, dlq_topic, {}, [&](const kafka_record& r) {
    const std::string key(r.key);
    const auto letter = r.value ? parse_dead_letter(*r.value, json) : std::nullopt;
    if (!letter) return;
    if (letter->replayed_to)
      resent_.insert(fmt::format("{}|{}|{}", letter->topic, letter->partition, *letter->replayed_to));
    if (!wanted(key, *letter)) return;
    entries_[key] = {r.partition,   r.offset,          letter->reason,
                     letter->topic, letter->timestamp, letter->replayed_to.has_value()};
  });
  for (auto& [key, e] : entries_) e.again = resent_.contains(key);
}

void dead_letter_index::for_each_letter(kafka_cluster& cluster, const visitor& visit) const {
  json_fields json;
  std::uint64_t seen = 0;
  read_all(cluster, dlq_topic, {}, [&](const kafka_record& r) {
    if (options_.limit > 0 && seen >= options_.limit) return;
    const std::string key(r.key);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.replayed) return;
    if (found->second.partition != r.partition || found->second.offset != r.offset) return;
    const auto letter = parse_dead_letter(*r.value, json);
    if (!letter) return;
    ++seen;
    visit(key, found->second, *letter);
  });
}

}  // namespace weir
