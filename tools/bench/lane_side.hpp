#pragma once

#include <caf/actor_system.hpp>

#include <filesystem>
#include <memory>

#include "actors/lane.hpp"
#include "actors/system_config.hpp"
#include "config/settings.hpp"
#include "state/log/memory_log.hpp"
#include "state/store/rocks_db.hpp"
#include "tools/bench/bench_sink.hpp"
#include "tools/bench/side.hpp"

namespace weir::bench {

/// A lane as `weir replay` runs it: over a log in memory, with the real actors, commits, checkpoints and
/// RocksDB; only what comes out is counted instead of written.
class lane_side : public side {
 public:
  lane_side(const settings& configuration, const rules& r, const traffic_sources& sources,
            shared_enrichment data, bench_sink& sink);
  ~lane_side() override;

  void take(const bench_input::runs& runs) override;
  void finish() override;
  std::string report() const override;

 private:
  void set_up_log(bench_sink& sink);
  lane_settings settings_of();
  std::int64_t read() const;
  void settle();

  const settings& configuration_;
  source_rules source_;
  shared_enrichment data_;
  std::filesystem::path dir_;
  rocks_db store_;
  memory_log log_{{false, true, false}};
  system_config config_;
  caf::actor_system system_{config_};
  std::unique_ptr<lane> lane_;
};

}  // namespace weir::bench
