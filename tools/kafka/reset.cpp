#include "tools/kafka/reset.hpp"

#include <fmt/format.h>

#include "actors/logging.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/job.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/reset_plan.hpp"

namespace weir {

namespace {

constexpr int done = 0, told_only = 2;
constexpr std::chrono::minutes most_time(5);  // of one transaction: it may end a million keys

class resetter {
 public:
  resetter(const settings& s, const reset_options& options)
      : settings_(s),
        options_(options),
        to_(parse_beginning(options.to)),
        kafka_(kafka_options_of(s)),
        cluster_(kafka_),
        group_(kafka_) {
    check();
  }

  int run() {
    const auto tasks = chosen();
    refuse_if_in_use();
    std::vector<task_id> todo;
    for (const auto& id : tasks) {
      const auto plan = plan_of(id);
      if (!plan) continue;
      fmt::print("{}\n", describe(*plan));
      todo.push_back(id);
    }
    if (todo.empty())
      return fmt::print("nothing to do: the input of all {} tasks is there\n", tasks.size()), done;
    if (!options_.yes) return fmt::print("Nothing has been changed. --yes does it.\n"), told_only;
    change(todo);
    return done;
  }

 private:
  void check() const {
    if (options_.partition && options_.topic.empty()) throw usage_error("--partition needs --topic");
    if (to_.at == beginning::where::offset && !options_.partition)
      throw usage_error("--to with an offset needs --topic and --partition: offsets are a partition's own");
    if (options_.accept_gap && options_.to != "committed")
      throw usage_error("--accept-gap goes on at the first offset that is there: leave --to away");
    const bool some = !options_.stage.empty() || !options_.topic.empty();
    if (!some && !options_.all && !options_.accept_gap)
      throw usage_error("which tasks? --topic and --partition, --stage, or --all of them");
  }

  std::vector<task_id> chosen() {
    const auto topics = cluster_.topics();
    std::vector<task_id> tasks;
    for (const auto& [of, topic] : job_inputs(settings_)) {
      if (!options_.stage.empty() && to_string(of) != options_.stage) continue;
      if (!options_.topic.empty() && topic != options_.topic) continue;
      const auto found = topics.find(broker_topic(kafka_, topic));
      const auto count = found == topics.end() ? 0 : found->second;
      for (std::int32_t p = 0; p < count; ++p)
        if (!options_.partition || *options_.partition == p) tasks.push_back({of, topic, p});
    }
    if (tasks.empty()) throw usage_error("the job has no such task");
    return tasks;
  }

  void refuse_if_in_use() {
    const auto members = group_.members(cluster_);
    if (members.empty()) return;
    throw kafka_error(
        fmt::format("the group {} is in use by {}: stop all nodes first; the group keeps one that was "
                    "stopped or killed until its "
                    "session ends (session.timeout.ms, 45 s by default)",
                    kafka_.prefix + kafka_.group, fmt::join(members, ", ")));
  }

  std::optional<reset_plan> plan_of(const task_id& id) {
    auto task = look_at(cluster_, group_, id);
    if (options_.accept_gap) return plan_gap(std::move(task), wall_now());
    const auto offset = offset_of(to_, task);
    return plan_reset(std::move(task), offset, wall_now());
  }

  /// As the only member of the group, and fencing every other reset, it looks again: what it reads now stays.
  void change(const std::vector<task_id>& tasks) {
    group_.join(cluster_, tasks.front().topic);
    kafka_sender sender(kafka_, kafka_.group + "-reset", most_time);
    const logger log(settings_.logging);
    for (const auto& id : tasks) {
      const auto plan = plan_of(id);
      if (!plan) continue;
      carry_out(*plan, sender, group_, kafka_);
      if (plan->gap)
        log.warn("input was gone, the gap is accepted",
                 {{"task", to_string(id)}, {"unread", plan->gap->unread}, {"redo", plan->gap->redo}});
      fmt::print("{}: done\n", to_string(id));
    }
  }

  const settings& settings_;
  const reset_options& options_;
  const beginning to_;
  const kafka_options kafka_;
  kafka_cluster cluster_;
  kafka_group group_;
};

}  // namespace

int reset(const settings& configuration, const reset_options& options) {
  return guarded("weir reset", std::cerr, [&] { return resetter(configuration, options).run(); });
}

}  // namespace weir
