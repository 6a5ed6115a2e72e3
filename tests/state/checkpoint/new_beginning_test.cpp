#include "state/checkpoint/new_beginning.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "state/checkpoint/stored_value.hpp"
#include "state/checkpoint/task_state.hpp"
#include "state/log/input_range.hpp"
#include "state/store/memory_store.hpp"

using namespace weir;

namespace {

/// Boundaries at 100, 110 and 120, each with W of its own.
epoch_record record() {
  epoch_record r;
  r.next = 120;
  for (std::int64_t offset : {100, 110, 120})
    r.ring.push_back({offset, {offset * 10, offset * 10, 0}, {}, offset});
  r.dead = {105, 115};
  r.dead_keys = {{100, "a"}, {120, "b"}};
  r.owed = {7, 7};
  return r;
}

/// The task as it recovers from a record with that committed offset.
std::unique_ptr<task_state> recovered(const epoch_record& r, std::int64_t committed) {
  auto store = std::make_shared<memory_store>();
  std::string bytes;
  encode(r, bytes);
  store->apply({{std::string(epoch_key), encode_stored(r.next, bytes)}});
  auto state = std::make_unique<task_state>(task_id{stage::ingest, "web", 0}, checkpoint_rules{}, store);
  state->recover(committed);
  return state;
}

}  // namespace

TEST_CASE("a task that begins anew reads on at its offset, owes nothing, and keeps its clocks") {
  const auto r = begin_anew(record(), 150, 9);
  const auto state = recovered(r, 150);
  CHECK(state->next() == 150);
  CHECK(state->redo_from() == 150);
  CHECK(state->clocks.w == 1200);
  state->end_mark();
  CHECK_FALSE(state->redoing());
  CHECK(state->divergences() == 0);
}

TEST_CASE("a task that begins anew before what it had read has no clocks: else all would be late") {
  CHECK(recovered(begin_anew(record(), 50, 9), 50)->clocks == task_clocks());
  CHECK(recovered(begin_anew(std::nullopt, 50, 9), 50)->clocks == task_clocks());
}

TEST_CASE("a task without a commit never reads below where it began, whatever it has read since") {
  task_state state({stage::ingest, "web", 0}, checkpoint_rules{}, std::make_shared<memory_store>());
  state.recover(0, 100);
  state.end_mark();
  CHECK_FALSE(state.redoing());
  CHECK(state.seal(1, false).next == 100);  // a commit of nothing
  state.changed(state.entry("key"), {});
  state.set_next(101);
  state.changed(state.entry("another"), {});
  const auto part = state.seal(2, false);
  CHECK(part.next == 101);
  CHECK(part.redo_from == 100);
}

TEST_CASE("where it would begin counts no more for a task that has committed") {
  CHECK_THROWS_AS(task_state({stage::ingest, "web", 0}, {}, std::make_shared<memory_store>()).recover(50, 0),
                  task_state::refused);
  CHECK(recovered(begin_anew(std::nullopt, 0, 9), 0)->next() == 0);
}

TEST_CASE("input that is there has no gap") {
  CHECK_FALSE(gap_of(record(), 0));
  CHECK_FALSE(gap_of(record(), 100));
}

TEST_CASE("input that is gone below the next offset costs a part of the redo") {
  const auto gap = gap_of(record(), 112);
  REQUIRE(gap);
  CHECK(gap->unread == 0);
  CHECK(gap->redo == 12);
  const auto r = after_gap(record(), 112, 9);
  CHECK(r.next == 120);
  CHECK(r.dead == std::vector<std::int64_t>{115});
  CHECK(r.dead_keys.size() == 1);
  const auto state = recovered(r, 120);
  CHECK(state->next() == 112);
  CHECK(state->clocks.w == 1100);
  CHECK(state->redoing());
  CHECK(state->next_mark() == 120);
}

TEST_CASE("input that is gone beyond the next offset leaves nothing to redo, and records that no one read") {
  const auto gap = gap_of(record(), 150);
  REQUIRE(gap);
  CHECK(gap->unread == 30);
  CHECK(gap->redo == 20);
  const auto state = recovered(after_gap(record(), 150, 9), 150);
  CHECK(state->next() == 150);
  CHECK(state->clocks.w == 1200);
  state->end_mark();
  CHECK_FALSE(state->redoing());
  CHECK(state->divergences() == 0);
}

TEST_CASE("a changelog's reset is read back") { CHECK(decode_reset(encode_reset(12'345)) == 12'345); }

TEST_CASE("an offset that the input does not have is told with both numbers and the way out") {
  const task_id task{stage::ingest, "web", 3};
  const auto trimmed = input_fault(task, 100, 250, 400);
  for (const auto* part : {"web/3", "100", "250", "weir reset --accept-gap --topic web --partition 3"})
    CHECK(trimmed.find(part) != std::string::npos);
  const auto beyond = input_fault(task, 500, 0, 400);
  for (const auto* part : {"500", "400", "weir reset --to earliest --topic web --partition 3"})
    CHECK(beyond.find(part) != std::string::npos);
}
