#include <doctest/doctest.h>

#include <map>
#include <optional>

#include "state/checkpoint/task_state.hpp"
#include "state/store/memory_store.hpp"

using namespace weir;

namespace {

constexpr std::size_t room = 1000;
const task_id task{stage::ingest, "t", 0};

struct text_value : live_value {
  std::string text;
  bool encode_value(parted_value& out) const override { return out.bytes += text, !text.empty(); }
};

/// A task whose keys are used in turn: each use makes a live form, sets its value and ends it.
struct fixture {
  std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
  std::optional<task_state> state;
  std::int64_t wall = 0;

  explicit fixture(std::size_t max_bytes = room) { start(max_bytes); }
  /// As after a crash: from the store alone.
  void start(std::size_t max_bytes = room) {
    const auto committed = state ? state->next() : 0;
    state.emplace(task, checkpoint_rules{200, 30'000, 500'000, max_bytes}, store);
    state->recover(committed);
    state->load_index([](table_entry&, std::string_view) {});
    state->end_mark();
    while (state->redoing()) {  // of records that nobody asks for
      state->set_next(state->next_mark());
      state->pass_mark();
      state->end_mark();
    }
  }
  void use(const std::string& key, const std::string& value) {
    auto& e = state->entry(key);
    text_value live;
    live.text = state->value(e);
    state->begin_live(e, live);
    live.text = value;
    state->set_next(state->next() + 1);
    state->changed(e, {});
    state->end_live(e);
    state->make_room();
  }
  std::string value(const std::string& key) { return std::string(state->value(state->entry(key))); }
  table_entry& entry(const std::string& key) { return state->entry(key); }
  task_commit seal(bool full = false) { return state->seal(wall, full); }
  void commit(bool full = false) { state->committed(seal(full), true); }
};

std::string text(char c) { return std::string(300, c); }

}  // namespace

TEST_CASE("values within the budget stay in memory") {
  fixture f;
  f.use("a", text('a'));
  f.use("b", text('b'));
  f.commit(true);
  CHECK(f.state->spilled() == 0);
  CHECK(f.value("a") == text('a'));
  CHECK(f.state->read_back() == 0);
}

TEST_CASE(
    "beyond the budget the least recently used value leaves once it is written, and comes back when needed") {
  fixture f;
  for (const char c : {'a', 'b', 'c', 'd', 'e'}) f.use({c}, text(c));
  f.use("a", text('A'));
  CHECK(f.state->spilled() == 0);  // nothing is in the store yet
  CHECK(f.state->bytes_in_memory() > room);
  auto part = f.seal();
  CHECK(f.state->spilled() == 0);  // in flight is not committed
  f.state->committed(part, true);
  CHECK(f.state->bytes_in_memory() <= room);
  CHECK(f.state->spilled() == 2);
  CHECK(f.entry("b").spilled);
  CHECK(f.entry("c").spilled);
  CHECK_FALSE(f.entry("a").spilled);  // used again
  CHECK(f.value("b") == text('b'));
  CHECK(f.value("a") == text('A'));
  CHECK(f.state->read_back() == 1);
}

TEST_CASE("want of room makes keys due for checkpoint long before their interval") {
  fixture f(400);
  f.use("a", text('a'));
  f.use("b", text('b'));
  f.use("c", text('c'));
  const auto part = f.seal();  // without want of room: one of 150 slices, the oldest key
  std::map<std::string, bool> written;
  for (const auto& change : part.changes) written[change.key] = true;
  CHECK(written["a"]);
  CHECK(written["b"]);
  CHECK_FALSE(written["c"]);
}

TEST_CASE("a clean value leaves at once") {
  fixture f;
  f.use("a", text('a'));
  f.commit(true);
  for (const char c : {'b', 'c', 'd'}) f.use({c}, text(c));
  CHECK(f.state->spilled() == 1);
  CHECK(f.entry("a").spilled);
}

TEST_CASE("a value that changes while it waits to leave is written as it became") {
  fixture f(0);
  f.use("a", "one");
  const auto part = f.seal();
  f.use("a", "two");  // while the epoch is in flight
  f.state->committed(part, true);
  CHECK(f.value("a") == "two");
  CHECK_FALSE(f.entry("a").spilled);  // what the store has is the older value
  f.commit();
  CHECK(f.entry("a").spilled);
  CHECK(f.value("a") == "two");
}

TEST_CASE("a key that has become empty leaves nothing behind") {
  fixture f(0);
  f.use("a", "one");
  f.commit();
  f.use("a", "");
  CHECK(f.value("a").empty());
  f.commit(true);
  f.commit();
  CHECK(f.state->keys_in_memory() == 0);
  CHECK(f.state->bytes_in_memory() == 0);
  CHECK_FALSE(f.store->get("a"));
}

TEST_CASE("after a restart every key is known and no value is in memory") {
  fixture f;
  for (const char c : {'a', 'b', 'c', 'd', 'e'}) f.use({c}, text(c));
  f.commit(true);
  f.start();
  CHECK(f.state->keys_in_memory() == 5);
  CHECK(f.state->bytes_in_memory() == 0);
  CHECK(f.value("d") == text('d'));
  CHECK(f.entry("d").stamp == 5);
  CHECK(f.value("new").empty());
}

TEST_CASE("a deleted key keeps its stamp over a restart until no redo can meet it") {
  fixture f;
  f.use("a", "one");
  f.commit(true);
  f.use("a", "");
  f.wall = 20'000;
  f.commit();  // not yet
  f.use("other", "changed later");
  f.wall = 31'000;
  f.commit();  // the older change is overdue
  CHECK(f.state->tombstones() == 1);
  CHECK(f.state->redo_from() == 2);
  f.start();
  CHECK(f.state->tombstones() == 1);
  CHECK(f.entry("a").stamp == 3);
  CHECK(f.value("a").empty());
}
