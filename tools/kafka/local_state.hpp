#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "state/store/rocks_db.hpp"

namespace weir {

/// A node's local state, read as it is on disk; a node may be running on it. What the node has not flushed
/// yet is not seen: each task's copy is one of an earlier moment, whole.
class local_state {
 public:
  /// `folder`: the node's (node.data_dir, demo --data). Throws std::runtime_error when it has no state.
  explicit local_state(const std::filesystem::path& folder);

  /// The tasks that it has state of, in order.
  const std::vector<task_id>& tasks() const { return tasks_; }
  std::shared_ptr<task_store> open(const task_id& task) { return db_.open(task); }

 private:
  rocks_db db_;
  std::vector<task_id> tasks_;
};

/// `<topic>/<partition>`; nothing for another text.
std::optional<task_id> parse_task(const std::string& text);

}  // namespace weir
