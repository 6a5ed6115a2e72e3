#include "tools/kafka/reset_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/units.hpp"
#include "state/checkpoint/stored_value.hpp"
#include "tools/kafka/topic_reading.hpp"
#include "tools/usage_error.hpp"

namespace weir {

task_on_kafka look_at(kafka_cluster& cluster, const kafka_group& group, const task_id& id) {
  task_on_kafka t{id, {}, {}, group.committed(id.topic, id.partition), {}, {}};
  const auto changelog = "weir.changelog." + id.topic;
  t.input = cluster.offsets(id.topic, id.partition);
  t.changelog = cluster.offsets(changelog, id.partition);
  read_all(cluster, changelog, id.partition, [&](const kafka_record& r) {
    if (r.key == epoch_key) {
      if (r.value) t.epoch = decode_epoch_record(decode_stored(*r.value).bytes);
    } else if (r.key != reset_key) {
      r.value ? (void)t.keys.emplace(r.key) : (void)t.keys.erase(std::string(r.key));
    }
  });
  return t;
}

beginning parse_beginning(const std::string& text) {
  using where = beginning::where;
  if (text == "committed") return {where::committed};
  if (text == "earliest") return {where::earliest};
  if (text == "latest") return {where::latest};
  if (const auto offset = config::parse_count(text))
    return {where::offset, static_cast<std::int64_t>(*offset)};
  throw usage_error("--to: expected committed, earliest, latest or an offset, got \"" + text + '"');
}

std::int64_t offset_of(const beginning& to, const task_on_kafka& task) {
  using where = beginning::where;
  const auto [first, end] = task.input;
  if (to.at == where::earliest) return first;
  if (to.at == where::latest) return end;
  if (to.at == where::committed) return std::clamp(task.committed.value_or(first), first, end);
  if (to.offset < first || to.offset > end)
    throw usage_error(
        fmt::format("--to: {} has offsets {} to {}, got {}", to_string(task.id), first, end, to.offset));
  return to.offset;
}

reset_plan plan_reset(task_on_kafka task, std::int64_t offset, std::int64_t wall) {
  auto next = begin_anew(task.epoch, offset, wall);
  return {std::move(task), std::move(next), true, {}};
}

std::optional<reset_plan> plan_gap(task_on_kafka task, std::int64_t wall) {
  if (!task.epoch) return std::nullopt;
  const auto gap = gap_of(*task.epoch, task.input.first);
  if (!gap) return std::nullopt;
  if (task.epoch->next != task.committed.value_or(0))
    throw kafka_error(fmt::format(
        "{}: its state has taken in the input up to offset {}, but the committed offset is {}: it can only "
        "be given "
        "up, weir reset --topic {} --partition {}",
        to_string(task.id), task.epoch->next, task.committed.value_or(0), task.id.topic, task.id.partition));
  auto next = after_gap(*task.epoch, task.input.first, wall);
  return reset_plan{std::move(task), std::move(next), false, gap};
}

std::string describe(const reset_plan& plan) {
  const auto& t = plan.task;
  const auto name = to_string(t.id);
  if (!plan.drops_state)
    return fmt::format(
        "{}: the input begins at offset {}. {} records that were never read are lost; of {} that were read, "
        "what they "
        "changed in the state and was not written down yet. The state is kept, reading goes on at offset {}",
        name, t.input.first, plan.gap->unread, plan.gap->redo, plan.next.redo_from());
  return fmt::format(
      "{}: {} keys of state are given up, the state's offset was {} and the committed one {}; begins again "
      "at offset {} "
      "of {} to {}",
      name, t.keys.size(), t.epoch ? std::to_string(t.epoch->next) : "none",
      t.committed ? std::to_string(*t.committed) : "none", plan.next.next, t.input.first, t.input.end);
}

void carry_out(const reset_plan& plan, kafka_sender& sender, const kafka_group& group,
               const kafka_options& options) {
  const auto& id = plan.task.id;
  const auto changelog = changelog_topic(options, id.topic);
  const auto write = [&](std::string_view key, std::optional<std::string_view> value) {
    sender.send(changelog, id.partition, key, value);
  };
  std::string bytes;
  encode(plan.next, bytes);
  sender.begin();
  if (plan.drops_state) {
    for (const auto& key : plan.task.keys) write(key, std::nullopt);
    write(reset_key, encode_reset(plan.task.changelog.first));
  }
  write(epoch_key, encode_stored(plan.next.next, bytes));
  const auto places = partition_list();
  rd_kafka_topic_partition_list_add(places.get(), broker_topic(options, id.topic).c_str(), id.partition)
      ->offset = plan.next.next;
  sender.offsets(*places, *group.seat());
  sender.commit();
}

}  // namespace weir
