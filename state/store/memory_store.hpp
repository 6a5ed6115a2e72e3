#pragma once

#include <map>

#include "state/store/task_store.hpp"

namespace weir {

/// A store in memory: for simulation and tests. `flush` and `crash` are a disk's: a crash falls back to the
/// last flush.
class memory_store : public task_store {
 public:
  std::optional<std::string> get(std::string_view key) override;
  void scan(std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) override;
  void apply(const std::vector<state_change>& changes) override;
  std::int64_t position() override { return now_.position; }
  std::int64_t time() override { return now_.time; }
  void set_position(std::int64_t position, std::int64_t time) override {
    now_.position = position, now_.time = time;
  }
  void clear() override { now_ = {}; }

  void flush() { disk_ = now_; }
  void crash() { now_ = disk_; }
  std::size_t size() const { return now_.values.size(); }

 private:
  struct content {
    std::map<std::string, std::string, std::less<>> values;
    std::int64_t position = 0;
    std::int64_t time = 0;
  };
  content now_, disk_;
};

}  // namespace weir
