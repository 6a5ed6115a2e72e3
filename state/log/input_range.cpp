#include "state/log/input_range.hpp"

namespace weir {

std::string input_fault(const task_id& task, std::int64_t position, std::int64_t first, std::int64_t end) {
  const auto number = [](std::int64_t x) { return std::to_string(x); };
  const auto of_task = " --topic " + task.topic + " --partition " + number(task.partition);
  if (position < first)
    return to_string(task) + ": the input is trimmed: the task must read on from offset " + number(position) +
           ", the first that is there is " + number(first) +
           ". To accept that the records between are lost: weir reset --accept-gap" + of_task;
  return to_string(task) + ": the task must read on from offset " + number(position) +
         ", but the topic ends at " + number(end) +
         ": it is another topic than before. To give the task's state up: weir reset --to earliest" + of_task;
}

}  // namespace weir
