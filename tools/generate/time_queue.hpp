#pragma once

#include <cstdint>
#include <queue>
#include <vector>

namespace weir {

/// A queue of things by time, the earliest first, equal times in the order in which they were put. The things
/// stay where they are; only their numbers are sorted.
template <class T>
class time_queue {
 public:
  bool empty() const { return due_.empty(); }
  std::size_t size() const { return due_.size(); }
  std::int64_t next_time() const { return due_.top().time; }
  const T& front() const { return things_[due_.top().place]; }

  void put(std::int64_t time, const T& thing) {
    if (free_.empty()) free_.push_back(static_cast<std::uint32_t>(things_.size())), things_.emplace_back();
    const auto place = free_.back();
    free_.pop_back();
    things_[place] = thing;
    due_.push({time, order_++, place});
  }

  void pop() {
    free_.push_back(due_.top().place);
    due_.pop();
  }

 private:
  struct entry {
    std::int64_t time;
    std::uint64_t order;
    std::uint32_t place;
    bool operator<(const entry& x) const { return time != x.time ? time > x.time : order > x.order; }
  };

  std::vector<T> things_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<entry> due_;
  std::uint64_t order_ = 0;
};

}  // namespace weir
