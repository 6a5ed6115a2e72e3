#include "actors/live_actors.hpp"

#include <utility>

namespace weir {

namespace {
keyed_actor& actor_of(table_entry& e) { return static_cast<keyed_actor&>(*e.live); }
}  // namespace

live_actors::live_actors(lane_context& lane, task_state& state, std::size_t most,
                         std::function<void(table_entry&)> ended)
    : lane_(lane), state_(state), most_(most), ended_(std::move(ended)) {}

void live_actors::add(keyed_actor& actor, caf::strong_actor_ptr keep) {
  actor.keep_ = std::move(keep);
  actor.last_round_ = actor.listed_round_ = lane_.round;
  by_last_mail_.push_back(actor.entry(), table_entry::place::live);
  ++size_;
}

void live_actors::end(table_entry& e) {
  auto& actor = actor_of(e);
  entry_list::remove(e);
  --size_;
  state_.end_live(e);
  const auto keep = std::move(actor.keep_);
  lane_.send(actor, end_mail{});
  ended_(e);
}

void live_actors::end_all() {
  by_last_mail_.for_each([this](table_entry& e) { end(e); });
}

void live_actors::end_cold() {
  for (auto turns = size_; turns > 0 && size_ > most_; --turns) {
    auto& e = by_last_mail_.front();
    auto& actor = actor_of(e);
    if (actor.listed_round_ == actor.last_round_) {
      end(e);
      continue;
    }
    actor.listed_round_ = actor.last_round_;
    entry_list::remove(e);
    by_last_mail_.push_back(e, table_entry::place::live);
  }
}

void live_actors::quiet() {
  for (auto* e : emptied_)
    if (e->live && actor_of(*e).empty()) end(*e);
  emptied_.clear();
  end_cold();
}

}  // namespace weir
