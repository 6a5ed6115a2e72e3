// One side of a comparison, in a process of its own, told by its standard input what to do; tools/bench/run
// drives two or more of them in turn. A line of JSON answers each line:
//
//   (start)  {"ready":true,"resident":bytes,...}    the warm-up is done, unmeasured
//   round    {"events":n,"wall":s,"cpu":s}          the next events were handled; making them is not measured
//   report   {...}                                  what the side says of itself, and its memory
//   profile  {}                                     the limit: time its parts from now on
//   end      {"outputs":{...}}                      input has ended; everything that came out since the start
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

#include "config/enrichment_files.hpp"
#include "config/referrer_lists.hpp"
#include "tools/bench/bench_settings.hpp"
#include "tools/bench/cpu_time.hpp"
#include "tools/bench/lane_side.hpp"
#include "tools/bench/limit.hpp"

namespace {

using namespace weir;
using namespace weir::bench;

constexpr std::size_t warm_up_run = 50'000;  // records made at once: few, so that memory is the side's

struct bench_options {
  std::string side = "lane";
  traffic_options traffic;
  std::int64_t warm_up = 100;  // minutes of event time
  std::size_t events = 200'000;
  millis commit = 200, checkpoint = 30'000;
};

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

settings settings_of(const bench_options& o) {
  auto s = bench_settings();
  s.commit.interval = o.commit < 0 ? unlimited : o.commit;
  s.checkpoint.interval = o.checkpoint < 0 ? unlimited : o.checkpoint;
  return s;
}

class conversation {
 public:
  explicit conversation(const bench_options& o)
      : options_(o),
        settings_(settings_of(o)),
        rules_(make_replay_rules(settings_)),
        sources_(default_referrer_lists()),
        data_(enrichment_files(settings_).current()),
        input_(o.traffic),
        side_(make_side()) {}

  void run() {
    warm_up();
    for (std::string line; std::getline(std::cin, line);) {
      if (line == "round") round();
      if (line == "report") say_report();
      if (line == "profile") profile();
      if (line == "end") return end();
    }
  }

 private:
  std::unique_ptr<side> make_side() {
    if (options_.side == "lane")
      return std::make_unique<lane_side>(settings_, rules_, sources_, data_, sink_);
    return std::make_unique<limit>(rules_, sources_, data_, replay_source(settings_), sink_);
  }

  static void say(const std::string& line) { std::cout << line << std::endl; }

  void warm_up() {
    while (input_.passed() < options_.warm_up * 60'000)
      side_->take(input_.next(std::min(warm_up_run, options_.events)));
    say(R"({"ready":true})");
  }

  void round() {
    const auto runs = input_.next(options_.events);
    sink_.hashing(false);
    const auto cpu = process_cpu();
    const auto wall = std::chrono::steady_clock::now();
    side_->take(runs);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - wall;
    const std::chrono::duration<double> worked = process_cpu() - cpu;
    say(fmt::format(R"({{"events":{},"wall":{},"cpu":{}}})", options_.events, passed.count(),
                    worked.count()));
    sink_.hashing(true);
  }

  void say_report() {
    malloc_trim(0);
    say(fmt::format(R"({{"resident":{},"side":{}}})", resident_bytes(), side_->report()));
  }

  void profile() {
    if (auto* measured = dynamic_cast<limit*>(side_.get())) measured->profile();
    say("{}");
  }

  void end() {
    side_->finish();
    say(fmt::format(R"({{"gold_published":{},"outputs":{}}})", sink_.gold_published(), sink_.summary()));
  }

  const bench_options& options_;
  settings settings_;
  rules rules_;
  traffic_sources sources_;
  shared_enrichment data_;
  bench_sink sink_;
  bench_input input_;
  std::unique_ptr<side> side_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("One side of weir's benchmarks; see tools/bench/run");
  bench_options o;
  o.traffic.sessions = 100'000;
  app.add_option("side", o.side, "limit or lane")->required()->check(CLI::IsMember({"limit", "lane"}));
  app.add_option("--sessions", o.traffic.sessions, "open sessions in the steady state");
  app.add_option("--sites", o.traffic.sites);
  app.add_option("--pages", o.traffic.pages);
  app.add_option("--seed", o.traffic.seed);
  app.add_option("--warm-up", o.warm_up, "minutes of event time before the first round");
  app.add_option("--events", o.events, "records of a round");
  app.add_option("--commit", o.commit, "commit.interval, milliseconds; -1: never by time");
  app.add_option("--checkpoint", o.checkpoint, "checkpoint.interval, milliseconds; -1: never");
  CLI11_PARSE(app, argc, argv);
  try {
    conversation(o).run();
  } catch (const std::exception& x) {
    std::cerr << "weir_bench: " << x.what() << '\n';
    return 1;
  }
}
