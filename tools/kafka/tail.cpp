#include "tools/kafka/tail.hpp"

#include <cstdio>

#include "tools/decode/envelope.hpp"
#include "tools/decode/record_json.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/topic_reading.hpp"
#include "tools/output_error.hpp"
#include "tools/stop_signals.hpp"

namespace weir {

namespace {

constexpr int poll_ms = 100;

class tailer {
 public:
  explicit tailer(const tail_options& options) : options_(options), filter_(options.filter) {}

  void run(const kafka_options& kafka) {
    const auto from = options_.from.empty() ? (options_.no_follow ? "beginning" : "end") : options_.from;
    const auto place = parse_place(from);
    kafka_cluster cluster(kafka);
    const auto starts = reading_starts(cluster, options_.topic, options_.partition, place);
    stop_signals signals;  // before the reader's threads
    kafka_reader reader(kafka, broker_topic(kafka, options_.topic), starts, !options_.uncommitted);
    while (!full_ && !signals.wait({}) && !(options_.no_follow && reader.at_end())) {
      reader.poll(poll_ms, [this](const kafka_record& r) { return take(r), !full_; });
      if (std::fflush(stdout) != 0) throw output_error("standard output cannot be written");
    }
  }

 private:
  void take(const kafka_record& r) {
    const auto key = readable_key(options_.topic, r.key);
    const auto value = readable_value(options_.topic, r.key, r.value);
    if (!filter_.wants(key, value)) return;
    line_.clear();
    if (options_.envelope)
      append_envelope(r.partition, r.offset, r.time, key, r.value ? std::optional(value) : std::nullopt,
                      line_);
    else
      line_ = value;
    line_ += '\n';
    if (std::fwrite(line_.data(), 1, line_.size(), stdout) != line_.size())
      throw output_error("standard output cannot be written");
    full_ = options_.limit > 0 && ++printed_ >= options_.limit;
  }

  const tail_options& options_;
  record_filter filter_;
  std::string line_;
  std::uint64_t printed_ = 0;
  bool full_ = false;
};

}  // namespace

int tail(const settings& configuration, const tail_options& options) {
  return guarded("weir tail", std::cerr, [&] {
    tailer(options).run(kafka_options_of(configuration));
    return 0;
  });
}

}  // namespace weir
