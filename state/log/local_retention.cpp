#include <rocksdb/convenience.h>

#include <algorithm>

#include "state/log/local_log.hpp"
#include "state/log/record_run.hpp"

namespace weir {

namespace {
constexpr double headroom = 0.9;  // of the bytes allowed: so that not every pass has something to drop
}  // namespace

std::vector<local_log::partition_name> local_log::all_partitions() {
  std::lock_guard lock(mutex_);
  std::vector<partition_name> all;
  for (const auto& [name, t] : topics_)
    for (std::size_t p = 0; p < t.ends.size(); ++p) all.emplace_back(name, static_cast<std::int32_t>(p));
  return all;
}

/// A task that has not committed yet may need all there is.
std::int64_t local_log::needed_from(const std::string& name, std::int32_t partition) {
  std::lock_guard lock(mutex_);
  auto least = topic(name).ends.at(static_cast<std::size_t>(partition));
  for (const auto& [of, input] : inputs_) {
    if (input != name) continue;
    const auto found = redo_from_.find({of, name, partition});
    least = std::min(least, found == redo_from_.end() ? 0 : found->second);
  }
  return least;
}

/// The first offset of the run that holds the first record at or after a time: times grow along a partition,
/// near enough.
std::int64_t local_log::offset_at(const partition_name& of, std::int64_t time) {
  auto low = start_of(of.first, of.second);
  auto high = end_of(of.first, of.second);
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    std::int64_t first = high, behind = high;
    bool old = false;
    read_runs(of.first, of.second, middle, [&](const std::shared_ptr<record_chunk>& run) {
      first = run->entries.front().offset;
      behind = run->entries.back().offset + 1;
      old = run->entries.back().time < time;
      return false;
    });
    if (old)
      low = behind;
    else
      high = std::min(first, middle);
  }
  return low;
}

std::uint64_t local_log::bytes_of(const partition_name& of) {
  const auto start = start_of(of.first, of.second);
  std::uint32_t id;
  std::int64_t end;
  {
    std::lock_guard lock(mutex_);
    const auto& t = topic(of.first);
    id = t.id;
    end = t.ends.at(static_cast<std::size_t>(of.second));
  }
  const auto first = run_key(id, of.second, start);
  const auto last = run_key(id, of.second, end);
  const rocksdb::Range range(first, last);
  std::uint64_t bytes = 0;
  rocksdb::SizeApproximationOptions all;
  all.include_memtables = true;
  check(db_.db().GetApproximateSizes(all, records_, &range, 1, &bytes), "measure the log");
  return bytes;
}

/// Whole runs below an offset. The last run stays: it says where the partition ends.
void local_log::drop_below(const partition_name& of, std::int64_t offset) {
  std::uint32_t id;
  {
    std::lock_guard lock(mutex_);
    const auto& t = topic(of.first);
    id = t.id;
    offset = std::min(offset, t.ends.at(static_cast<std::size_t>(of.second)) - 1);
  }
  if (offset <= start_of(of.first, of.second)) return;
  const auto first = run_key(id, of.second, 0);
  const auto last = run_key(id, of.second, offset);
  const rocksdb::Slice from(first), to(last);
  // Files that hold nothing else go at once; of the others compaction takes its time.
  check(rocksdb::DeleteFilesInRange(&db_.db(), records_, &from, &to, false), "drop old records");
  check(db_.db().DeleteRange({}, records_, from, to), "drop old records of " + of.first);
}

void local_log::drop_old(std::int64_t now) {
  std::uint64_t bytes = 0;
  const auto all = all_partitions();
  for (const auto& p : all) {
    drop_below(p, std::min(offset_at(p, now - keep_.age), needed_from(p.first, p.second)));
    bytes += bytes_of(p);
  }
  if (bytes <= keep_.bytes) return;
  const auto share = headroom * static_cast<double>(keep_.bytes) / static_cast<double>(bytes);
  for (const auto& p : all) {
    const auto start = start_of(p.first, p.second);
    const auto end = end_of(p.first, p.second);
    const auto kept = static_cast<std::int64_t>(static_cast<double>(end - start) * share);
    drop_below(p, std::min(end - kept, needed_from(p.first, p.second)));
  }
}

}  // namespace weir
