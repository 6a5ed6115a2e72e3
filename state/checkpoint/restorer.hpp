#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/store/task_store.hpp"

namespace weir {

/// Brings a copy of a task's state up to date from the changelog. `each` is called for every record; what it
/// throws ends the reading, and the next one begins where this one did. `now`: wall clock, milliseconds: as
/// of then the copy is whole.
void bring_up_to_date(task_store& store, const task_id& task, const changelog_reader& read, std::int64_t now,
                      const std::function<void()>& each);

/// Brings copies up to date beside the lane that waits for them, one after the other, each on a thread of its
/// own. A log that cannot be reached is waited for; a copy that does not continue in its changelog is made
/// anew.
///
/// Concurrency: used by the lane's thread.
class restorer {
 public:
  /// Has the work done, and returns its thread, if it has one.
  using starter = std::function<std::jthread(std::function<void()> work)>;
  restorer(starter start, std::function<std::int64_t()> now)
      : start_(std::move(start)), now_(std::move(now)) {}
  ~restorer();

  void begin(const task_id& task, std::shared_ptr<task_store> store, changelog_reader read);
  bool has(const task_id& task) const { return jobs_.contains(task); }
  /// True when one is of a partition that comes from outside.
  bool has_any_source() const;
  bool empty() const { return jobs_.empty(); }
  /// Gives up the restores of all other tasks. Returns when none of them writes any more.
  void keep_only(const std::vector<task_id>& tasks);
  /// True when one of them is done, and begins the next. Throws what ended one that cannot go on.
  bool any_done();
  /// Lets go of those that are done: whole, or another lane has the task's store now.
  void let_go_done();
  /// Changes read so far.
  std::uint64_t records() const;
  /// What went wrong and is tried again, since the last call.
  std::vector<std::string> take_warnings();

 private:
  /// Shared with the thread that works on it; the store is that thread's until it is done.
  struct job {
    task_id task;
    std::shared_ptr<task_store> store;
    changelog_reader read;
    bool begun = false;                             // of the lane's thread
    std::atomic<bool> ended = false, done = false;  // ended: given up
    std::atomic<std::uint64_t> records = 0;
    std::mutex mutex;  // guards what follows
    std::exception_ptr failure;
    std::vector<std::string> warnings;
  };
  struct entry {
    std::shared_ptr<job> work;
    std::jthread thread;
  };
  static void work_on(job& j, const std::function<std::int64_t()>& now);
  static void insist(job& j, const std::function<std::int64_t()>& now);
  void begin_next();
  void end(bool (*those)(const job&));

  starter start_;
  std::function<std::int64_t()> now_;
  std::map<task_id, entry> jobs_;
  std::uint64_t ended_records_ = 0;
};

}  // namespace weir
