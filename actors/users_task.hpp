#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/lane_context.hpp"
#include "actors/lane_task.hpp"
#include "actors/live_actors.hpp"
#include "actors/mail_groups.hpp"
#include "actors/reader_actor.hpp"
#include "actors/source_clocks.hpp"
#include "actors/user_actor.hpp"
#include "pipeline/users/session_reader.hpp"

namespace weir {

/// One partition of weir.sessions: its user actors and the clocks of all sources, whose lowest it passes on.
///
/// What a record makes depends on the records before it alone, never on clocks: these only tell what may be
/// added up, or forgotten. So a redo needs no clocks. Users that are not live leave memory when they are
/// checkpointed; no index of them is kept.
class users_task : public lane_task, public batch_reader {
 public:
  struct options {
    std::vector<std::string> sources;  // every source task, by name
    std::size_t max_live = 100'000;    // user actors
  };
  users_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
             std::shared_ptr<task_store> store);
  ~users_task() override;

  // -- lane_task
  void load() override;
  void deliver(const fetched& run) override;
  void advance_clocks(const clock_reading& now) override;
  bool fire_timers() override;
  void quiet() override;
  void end_actors() override;
  std::optional<clock_report> report() override;
  void describe(task_report& report) const override;

  // -- for the reader
  void read(const batch_mail& mail) override;

  // -- for the users
  lane_context& lane() { return lane_; }
  /// No session that starts before it can come any more, or change. As of the last commit of this life: in a
  /// redo, of whose place in time the reports say nothing, the beginning of time.
  std::int64_t horizon() const;
  void user_changed(table_entry& e, const user_state& user, const digest& made);

 private:
  void bury(const record_chunk::entry& r, std::string_view payload);
  void arrive(std::string_view key, const record_chunk::entry& r, std::string_view json);
  void forget_old();
  void forget(table_entry& e);

  lane_context& lane_;
  options options_;
  caf::strong_actor_ptr reader_;
  source_clocks sources_{state};

  live_actors live_;

  // of the batch in hand
  session_reader json_;
  std::deque<arrived_session> arrived_;
  std::size_t used_ = 0;  // of them
  mail_groups<arrived_session> groups_;

  std::string
      forget_from_;  // the key at which the search for expired users goes on; empty: none is under way
  std::int64_t searched_at_ = task_clocks::no_time;  // horizon when the last search began
};

/// State keys of users begin with this byte; the key of their records follows: `<site>|<user>`.
inline constexpr char user_key_prefix = 'u';
std::string user_state_key(std::string_view record_key);
inline std::string_view user_of_state_key(std::string_view key) { return key.substr(1); }

}  // namespace weir
