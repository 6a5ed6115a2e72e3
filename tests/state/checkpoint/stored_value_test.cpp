#include <doctest/doctest.h>

#include <random>

#include "pipeline/base/codec.hpp"
#include "state/checkpoint/stored_value.hpp"
#include "state/store/memory_store.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

/// One key of a store, written again and again.
struct stored_key {
  memory_store store;
  stored_parts parts;
  std::size_t written = 0;  // bytes of the last change

  void write(const parted_value& value, std::int64_t stamp = 7) {
    std::vector<state_change> changes;
    parts = write_value("key", stamp, value, parts, changes);
    written = 0;
    for (const auto& change : changes)
      written += change.key.size() + (change.value ? change.value->size() : 0);
    store.apply(changes);
  }
  void end(std::optional<std::int64_t> stamp) {
    std::vector<state_change> changes;
    write_end("key", stamp, parts, changes);
    store.apply(changes);
  }
  /// What a node that knows nothing of it reads; it must be whole, and the store must hold nothing else.
  parted_value read() {
    parted_value value;
    const auto bytes = *store.get("key");
    const auto found = read_value(store, "key", decode_stored(bytes), value);
    CHECK(store.size() == 1 + found.size());
    REQUIRE(found.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(found[i].name == parts[i].name);
      CHECK(found[i].hash == parts[i].hash);
    }
    return value;
  }
};

parted_value value_of(const key_state& key) {
  parted_value value;
  encode(key, value);
  return value;
}

/// A value of numbered parts.
parted_value of_parts(const std::string& head,
                      std::initializer_list<std::pair<std::uint64_t, std::string>> parts) {
  parted_value value;
  value.bytes = head;
  for (const auto& [name, bytes] : parts) {
    value.begin_part(name);
    value.bytes += bytes;
  }
  return value;
}

/// Random events of one key: long sessions with hundreds of paths, pauses, late events, duplicates.
class random_session {
 public:
  explicit random_session(unsigned seed) : random_(seed) {
    f.settings.funnels = {{"f", funnel::reach::session, hour, {{"a", {{}, "", "/*", 0}}}}};
  }
  void live_on() {
    clock_ += random_() % 60 == 0 ? 40 * minute : static_cast<std::int64_t>(random_() % 20'000);
    const auto time =
        clock_ - (random_() % 10 == 0 ? static_cast<std::int64_t>(random_() % (50 * minute)) : 0);
    auto e = f.make(random_() % 3 == 0 ? event_type::scroll : event_type::page_view, time, path());
    e.set(number::scroll_depth, static_cast<double>(random_() % 200) / 2);
    if (random_() % 50 == 0) e[text::user_id] = f.keep(std::string(1 + random_() % 600, 'u'));
    f.give(e);
    if (random_() % 20 == 0) f.give(e);
    f.pass(clock_ - 30 * second);
  }
  session_fixture f;

 private:
  std::string path() { return "/section/" + std::to_string(random_() % 250); }
  std::mt19937 random_;
  std::int64_t clock_ = noon;
};

}  // namespace

TEST_CASE("the documented example of a head is what is written") {
  stored_key key;
  key.write(of_parts("h", {{5, "five"}, {6, "six"}, {9, "nine"}}), 300);
  CHECK(*key.store.get("key") == std::string("\xd8\x04\x02\x02\x05\x02\x03\x01h"));
  CHECK(key.read().bytes == "hfivesixnine");
}

TEST_CASE("only parts that changed are written, and those that are no longer there end") {
  stored_key key;
  key.write(of_parts("h", {{1, "one"}, {2, "two"}, {3, "three"}}));
  std::vector<state_change> changes;
  key.parts =
      write_value("key", 8, of_parts("h", {{2, "two"}, {3, "THREE"}, {4, "four"}}), key.parts, changes);
  REQUIRE(changes.size() == 4);
  CHECK(changes[0].key == part_key("key", 1));
  CHECK_FALSE(changes[0].value);
  CHECK(changes[1].value == "THREE");
  CHECK(changes[2].value == "four");
  CHECK(changes[3].key == "key");
  key.store.apply(changes);
  CHECK(key.read().bytes == "htwoTHREEfour");
}

TEST_CASE("a value that becomes small is whole again") {
  stored_key key;
  key.write(of_parts("h", {{1, "one"}, {2, "two"}}));
  key.write(of_parts("small", {}));
  CHECK(key.read().bytes == "small");
  CHECK(key.store.size() == 1);
}

TEST_CASE("the end of a value is the end of its parts") {
  stored_key key;
  key.write(of_parts("h", {{1, "one"}, {2, "two"}}));
  key.end(9);
  CHECK(key.store.size() == 1);
  const auto stone = *key.store.get("key");
  CHECK(decode_stored(stone).tombstone);
  CHECK(decode_stored(stone).stamp == 9);
  key.write(of_parts("h", {{1, "one"}}));
  key.end(std::nullopt);
  CHECK(key.store.size() == 0);
}

TEST_CASE("a scan of heads meets no part") {
  stored_key key;
  key.write(of_parts("h", {{1, "one"}}));
  std::vector<std::string> met;
  key.store.scan(first_value_key,
                 [&](std::string_view k, std::string_view) { return met.emplace_back(k), true; });
  CHECK(met == std::vector<std::string>{"key"});
}

TEST_CASE("a part that is missing is told") {
  stored_key key;
  key.write(of_parts("h", {{1, "one"}, {2, "two"}}));
  key.store.apply({{part_key("key", 2), std::nullopt}});
  parted_value value;
  const auto bytes = *key.store.get("key");
  CHECK_THROWS_AS(read_value(key.store, "key", decode_stored(bytes), value), std::runtime_error);
}

TEST_CASE("garbage is no stored value, or some value") {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 12, '\0');
    for (auto& c : bytes) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 4);
    try {
      const auto head = decode_stored(bytes);
      CHECK(head.parts.size() <= 100'000);
    } catch (const decode_error&) {
    }
  }
}

TEST_CASE("whatever a session does, its changed parts make its value") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    random_session random(seed);
    stored_key key;
    std::size_t most_parts = 0;
    for (int i = 0; i < 1500; ++i) {
      for (auto n = 1 + i % 3; n > 0; --n) random.live_on();
      const auto value = value_of(random.f.key);
      key.write(value);
      const auto copy = key.read();
      REQUIRE(copy.bytes == value.bytes);
      REQUIRE(value_of(decode_key_state(copy.bytes)).bytes == value.bytes);
      CHECK(value.head().size() <= 512);
      most_parts = std::max(most_parts, value.cuts.size());
    }
    CHECK(most_parts > 15);
  }
}

TEST_CASE("an event of a long session costs few bytes") {
  session_fixture f;
  stored_key key;
  for (int i = 0; i < 20'000; ++i) f.give_view(noon + i * 100, "/" + std::to_string(i % 300));
  key.write(value_of(f.key));
  const auto whole = key.written;
  f.give_view(noon + 2'000'100, "/7");
  key.write(value_of(f.key));
  MESSAGE("20,000 ids, 200 pages: ", whole, " bytes at first, then ", key.written);
  CHECK(whole > 180'000);
  CHECK(key.written < 4'000);
  CHECK(key.read().bytes == value_of(f.key).bytes);
}
