#pragma once

#include <array>
#include <chrono>
#include <vector>

#include "pipeline/clock/intake.hpp"
#include "tools/bench/bench_sink.hpp"
#include "tools/bench/limit_sessions.hpp"
#include "tools/bench/limit_users.hpp"
#include "tools/bench/limit_windows.hpp"
#include "tools/bench/side.hpp"

namespace weir::bench {

/// The limit that a lane is measured by: a hand-written loop of one thread that does a lane's work (decoding,
/// sessions, duplicates, every KPI family, silver, sessions and gold) with plain calls on flat tables. No
/// actors, no log, no state, no second tier, no account of what a redo would owe.
class limit : public side {
 public:
  limit(const rules& r, const traffic_sources& sources, shared_enrichment data, const source_rules& source,
        bench_sink& sink);

  void take(const bench_input::runs& runs) override;
  void finish() override;
  std::string report() const override;
  /// From now on parts that cannot be timed apart are run once more, to be timed alone.
  void profile();

 private:
  enum class part { decode, lookup, session, contribute, silver, users, sketches, gold, sink, count_ };
  struct arrived {
    event e;
    stamp at;
    limit_session* session;
  };

  void take(const record_chunk& run, std::size_t first, std::size_t count);
  void decode(const record_chunk& run, std::size_t first, std::size_t count);
  void find_sessions();
  void live();
  void expire();
  void follow_users();
  void repeat_parts();
  void emit();
  effects into() { return {out_, kpis_, 0}; }
  limit_clocks clocks() const;
  /// The CPU time since the last call goes to this part.
  void spent(part on);

  const rules& rules_;
  source_rules source_;
  bench_sink& sink_;
  session_life life_;
  enricher enrichment_;
  intake intake_;
  limit_sessions sessions_;
  limit_users users_;
  limit_windows windows_;

  outbox out_, users_out_;
  std::size_t followed_ = 0;  // of the records in out_
  contributions kpis_;
  intake_counts counts_;
  arena texts_;
  std::vector<arrived> events_;
  std::size_t arrived_ = 0;
  std::int64_t highest_;
  std::int64_t watermark_;
  bool ended_ = false;

  bool profiling_ = false;
  contributions again_;
  std::string json_;
  std::uint64_t profiled_ = 0;       // records
  std::chrono::nanoseconds mark_{};  // CPU time of the last reading
  std::array<std::chrono::nanoseconds, static_cast<std::size_t>(part::count_)> parts_{};
};

}  // namespace weir::bench
