#include "actors/source_clocks.hpp"

#include <algorithm>

namespace weir {

struct source_clocks::source : live_value {
  source(task_state& state, table_entry& e) : entry(e) {
    if (const auto bytes = state.value(e); !bytes.empty()) report = decode_clock_report(bytes), known = true;
    state.begin_live(e, *this);
  }
  ~source() override { entry.live = nullptr; }
  bool encode_value(parted_value& out) const override {
    if (known) encode(report, out.bytes);
    return known;
  }
  table_entry& entry;
  clock_report report;
  bool known = false;
};

source_clocks::source_clocks(task_state& state) : state_(state) {}
source_clocks::~source_clocks() = default;

void source_clocks::load(const std::vector<std::string>& names) {
  for (const auto& name : names)
    sources_[name] = std::make_unique<source>(state_, state_.entry(source_key_prefix + name));
}

void source_clocks::clear() { sources_.clear(); }

void source_clocks::take(std::string_view name, std::string_view bytes, std::int64_t offset) {
  const auto found = sources_.find(name);
  if (found == sources_.end()) return;
  auto& s = *found->second;
  if (state_.has(s.entry, offset)) return;
  // A task that has just recovered may know less than it said before: clocks never go back.
  s.report = highest(s.report, decode_clock_report(bytes));
  s.known = true;
  state_.changed(s.entry, {});
}

void source_clocks::advance() {
  clock_report low{end_of_time, end_of_time, end_of_time, end_of_time};
  for (const auto& [_, s] : sources_) {
    if (!s->known) return;
    low = lowest(low, s->report);
  }
  complete_ = true;
  low_ = highest(low_, low);
}

}  // namespace weir
