#include <fmt/format.h>

#include <map>

#include "pipeline/base/wall_clock.hpp"
#include "pipeline/log/record.hpp"
#include "state/log/kafka_sender.hpp"
#include "tools/kafka/dead_letter_index.hpp"
#include "tools/kafka/dlq.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/options.hpp"

namespace weir {

namespace {

constexpr std::size_t most_letters = 500, most_bytes = 8 << 20;  // of one transaction

/// Why a letter cannot be sent again; empty: it can.
constexpr std::string_view cut = "cut at 256 KiB (payload_truncated): the original is no longer whole";
constexpr std::string_view withheld =
    "without a payload (payload_withheld): it was no JSON object in which ids could be hashed; send the "
    "original again yourself";
constexpr std::string_view no_record = "of a timer that failed: there is no record to send";
constexpr std::string_view no_place = "from a topic or partition that is no longer there";
constexpr std::string_view no_key = "of weir.partials whose key cannot be told";
constexpr std::string_view failed_again =
    "sent again before, and failed again: mend the cause, and --again sends them";
constexpr std::string_view too_old =
    "older than late.max_delay: they would be too late for every window; weir replay works them off";

class replayer {
 public:
  replayer(const settings& s, const dlq_options& options)
      : settings_(s), options_(options), kafka_(kafka_options_of(s)), index_(options), cluster_(kafka_) {}

  void run() {
    // Fences first, then reads: what another replay has sent by then is seen, and it can send no more.
    if (!options_.dry_run) sender_.emplace(kafka_, kafka_.group + "-dlq-replay");
    index_.read(cluster_);
    topics_ = cluster_.topics();
    index_.for_each_letter(cluster_, [this](const auto& key, const auto& entry, const auto& letter) {
      take(key, entry, letter);
    });
    send();
  }

  void tell() const {
    std::uint64_t replayed = 0;
    for (const auto& [_, e] : index_.entries()) replayed += e.replayed;
    fmt::print("{} dead letters {}\n", sent_, options_.dry_run ? "would be sent again" : "sent again");
    if (replayed > 0) fmt::print("{} had been sent again before\n", replayed);
    for (const auto& [why, count] : refused_) fmt::print("{} not sent: {}\n", count, why);
  }

 private:
  struct resent {
    std::string key;         // of the letter
    std::int32_t partition;  // of the letter
    dead_letter_view letter;
    std::optional<std::string> original_key;
    std::int64_t offset = -1;  // where its record stands now
  };

  void take(const std::string& key, const dead_letter_index::entry& entry, const dead_letter_view& letter) {
    const auto original = original_key(letter, json_);
    const auto why = entry.again && !options_.again ? failed_again : refusal(letter, original);
    if (!why.empty()) {
      ++refused_[why];
      return;
    }
    bytes_ += letter.payload.size();
    batch_.push_back({key, entry.partition, letter, original});
    if (batch_.size() >= most_letters || bytes_ >= most_bytes) send();
  }

  std::string_view refusal(const dead_letter_view& letter, const std::optional<std::string>& key) const {
    if (letter.offset < 0) return no_record;
    if (letter.withheld) return withheld;
    if (letter.truncated) return cut;
    const auto topic = topics_.find(broker_topic(kafka_, letter.topic));
    if (topic == topics_.end() || letter.partition >= topic->second) return no_place;
    const bool partials = letter.topic == to_string(output::partials);
    if (partials) return key ? std::string_view() : no_key;
    return letter.timestamp < oldest(letter.topic) ? too_old : std::string_view();
  }

  /// What is sent again has a new broker time: an event that is older than that by more is too late.
  std::int64_t oldest(const std::string& topic) const {
    for (const auto& [_, source] : settings_.sources)
      if (source.topic == topic && source.backfill) return 0;
    return settings_.late.max_delay >= unlimited ? 0 : now_ - settings_.late.max_delay;
  }

  void send() {
    if (batch_.empty()) return;
    if (sender_) {
      sender_->begin();
      for (auto& r : batch_)
        sender_->send(broker_topic(kafka_, r.letter.topic), r.letter.partition, r.original_key,
                      r.letter.payload, &r.offset);
      sender_->flush();
      for (const auto& r : batch_)
        sender_->send(broker_topic(kafka_, std::string(to_string(output::dlq))), r.partition, r.key,
                      replayed_mark(r.letter, now_, r.offset));
      sender_->commit();
    }
    sent_ += batch_.size();
    batch_.clear();
    bytes_ = 0;
  }

  const settings& settings_;
  const dlq_options& options_;
  const kafka_options kafka_;
  const std::int64_t now_ = wall_now();
  dead_letter_index index_;
  kafka_cluster cluster_;
  std::vector<resent> batch_;
  std::optional<kafka_sender> sender_;  // may tell the batch its offsets until it ends
  std::map<std::string, std::int32_t> topics_;
  json_fields json_;
  std::size_t bytes_ = 0;
  std::uint64_t sent_ = 0;
  std::map<std::string_view, std::uint64_t> refused_;
};

}  // namespace

int dlq_replay(const settings& configuration, const dlq_options& options) {
  return guarded("weir dlq replay", std::cerr, [&] {
    replayer r(configuration, options);
    try {
      r.run();
    } catch (const std::exception&) {
      r.tell();
      throw;
    }
    r.tell();
    return 0;
  });
}

}  // namespace weir
