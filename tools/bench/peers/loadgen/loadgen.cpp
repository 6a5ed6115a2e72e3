// Writes a deterministic clickstream to Kafka, or prints it, and says as one line of JSON what there must be
// in it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <thread>

#include "tools/bench/peers/loadgen/topic_writer.hpp"
#include "tools/bench/peers/loadgen/visits.hpp"

namespace {

using namespace std::chrono;
using namespace weir::peers;

struct options {
  visit_options visits;
  std::string bootstrap, topic = "topic_web_events", compression = "lz4";
  long rate = 0;
  bool to_stdout = false, no_trailer = false;
};

/// When each record is due; what it carries of that.
class pace {
 public:
  explicit pace(long rate) : rate_(rate) {}

  /// Waits until the record's time on the wall clock, and lets it say so, for a reader to tell the latency.
  void wait(visit_record& r, long index, topic_writer* out) const {
    const auto due = begin_ + nanoseconds(index * 1'000'000'000 / rate_);
    while (steady_clock::now() < due) {
      if (out) out->poll();
      std::this_thread::sleep_until(std::min(due, steady_clock::now() + milliseconds(1)));
    }
    r.at_ms = begin_ms_ + index * 1000 / rate_;
    if (r.value.ends_with("}}")) r.value.insert(r.value.size() - 2, fmt::format(R"(,"sent_at":{})", r.at_ms));
  }

 private:
  long rate_;
  steady_clock::time_point begin_ = steady_clock::now();
  long begin_ms_ = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
};

void put(const visit_record& r, topic_writer* out, int partition = -1) {
  if (out) return out->send(r, r.at_ms, partition);
  fmt::print("{}\t{}\n", r.key, r.value);
}

void generate(const options& o) {
  visits source(o.visits);
  const auto writer =
      o.to_stdout ? nullptr
                  : std::make_unique<topic_writer>(o.bootstrap, o.topic, o.visits.partitions, o.compression);
  const auto begin = steady_clock::now();
  const pace pace(o.rate);
  std::size_t bytes = 0;
  visit_record r;
  for (long i = 0; i < o.visits.events; ++i) {
    source.next(r);
    if (o.rate > 0) pace.wait(r, i, writer.get());
    bytes += r.value.size();
    put(r, writer.get());
  }
  source.finish();
  const int trailer = o.no_trailer ? 0 : o.visits.partitions;
  for (int p = 0; p < trailer; ++p) put(source.trailer(p), writer.get(), p);
  if (writer) writer->flush();
  const auto& c = source.counts();
  const double seconds = duration<double>(steady_clock::now() - begin).count();
  fmt::print(
      o.to_stdout ? stderr : stdout,
      R"({{"records":{},"valid":{},"malformed":{},"duplicates":{},"trailer":{},"sessions":{},"bytes":{},)"
      R"("seconds":{:.2f},"per_second":{:.0f}}})"
      "\n",
      o.visits.events + trailer, c.valid + trailer, c.malformed, c.duplicates, trailer, c.sessions, bytes,
      seconds, static_cast<double>(o.visits.events) / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  CLI::App app(
      "Writes a deterministic clickstream to Kafka and prints what was written as one line of JSON.\n"
      "Records carry the time of their arrival; the trailer, a day later, closes every session.");
  app.option_defaults()->always_capture_default();
  auto* kafka = app.add_option("--bootstrap", o.bootstrap, "HOST:PORT of the broker");
  app.add_flag("--stdout", o.to_stdout, "print KEY<TAB>VALUE lines instead")->excludes(kafka);
  app.add_option("--topic", o.topic, "created when it does not exist");
  app.add_option("--partitions", o.visits.partitions)->check(CLI::PositiveNumber);
  app.add_option("--compression", o.compression, "none, lz4, zstd, snappy or gzip");
  app.add_option("--events", o.visits.events)->check(CLI::PositiveNumber);
  app.add_option("--sessions", o.visits.sessions, "open in the steady state")->check(CLI::PositiveNumber);
  app.add_option("--seed", o.visits.seed);
  app.add_option("--rate", o.rate, "events a second; 0: as fast as it can")->check(CLI::NonNegativeNumber);
  app.add_option("--event-rate", o.visits.event_rate, "events per second of event time; 0: from --sessions")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--jitter-ms", o.visits.jitter_ms, "timestamps lag up to that")
      ->check(CLI::Range(0, 29'999));
  app.add_option("--duplicates", o.visits.duplicates, "share")->check(CLI::Range(0.0, 1.0));
  app.add_option("--malformed", o.visits.malformed, "share")->check(CLI::Range(0.0, 1.0));
  app.add_option("--sites", o.visits.sites)->check(CLI::PositiveNumber);
  app.add_option("--pages", o.visits.pages)->check(CLI::PositiveNumber);
  app.add_option("--start-ms", o.visits.start_ms, "event time of the first record");
  app.add_flag("--no-trailer", o.no_trailer);
  CLI11_PARSE(app, argc, argv);
  if (o.bootstrap.empty() && !o.to_stdout) {
    fmt::print(stderr, "loadgen: --bootstrap HOST:PORT or --stdout is needed\n");
    return 2;
  }
  try {
    generate(o);
  } catch (const std::exception& x) {
    fmt::print(stderr, "loadgen: {}\n", x.what());
    return 1;
  }
}
