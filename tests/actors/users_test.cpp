#include <doctest/doctest.h>

#include "tests/actors/lane_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

/// A lane with all three stages. A user is who has a session id, since no event carries another.
struct users_fixture : lane_fixture {
  users_fixture() {
    settings.session_partitions = 1;
    settings.checkpoints.interval = 0;
    log.create_topic("weir.users", 1);
    log.add_input(stage::users, "weir.sessions");
    log.add_input(stage::kpis, "weir.partials");
  }

  /// What is known of a user now; empty when that was ended.
  std::string user(const std::string& session) {
    std::string last;
    log.read_all("weir.users", 0, [&](std::string_view key, std::string_view value) {
      if (key == "default|(session)topic_web_events|" + session) last = value;
    });
    return last;
  }

  std::uint64_t users_in_memory(lane& l) {
    for (auto* t : l.tasks())
      if (t->state.id().of == stage::users) return t->state.keys_in_memory();
    return 0;
  }
};

/// So often that what one stage commits has gone through all.
void commit_all(lane& l) {
  for (int i = 0; i < 4; ++i) commit(l);
}

/// One that cannot be read for a while.
struct broken_store : memory_store {
  explicit broken_store(const bool& b) : broken(b) {}
  std::optional<std::string> get(std::string_view key) override {
    if (broken) throw std::runtime_error("cannot read state");
    return memory_store::get(key);
  }
  const bool& broken;
};

bool says(const std::string& json, const std::string& field) { return json.find(field) != std::string::npos; }

}  // namespace

TEST_CASE_FIXTURE(users_fixture, "sessions of a user meet in their record, as they close") {
  auto l = make();
  view("anna", 0);
  view("anna", 24 * 60);
  commit_all(*l);
  CHECK(says(user("anna"), R"("sessions":1,)"));
  view("bert", 25 * 60);
  commit_all(*l);
  CHECK(says(user("anna"), R"("sessions":2,"active_days":2,)"));
  CHECK(user("bert").empty());
}

TEST_CASE_FIXTURE(users_fixture,
                  "windows close when the users stage has told its clocks, with new visitors in them") {
  auto l = make();
  view("anna", 0);
  view("bert", 60);
  commit_all(*l);
  wall += 6 * 60 * minute;  // idle: the clock goes on
  for (int i = 0; i < 4; ++i, wall += 60 * minute) commit_all(*l);
  const auto gold = records("weir.gold.site");
  std::string last;
  for (const auto& r : gold)
    if (says(r, R"("granularity":"5m","window_start":)" + std::to_string(window_of(start)))) last = r;
  CHECK(says(last, R"("final":true)"));
  CHECK(says(last, R"("new_visitors":1,)"));
}

TEST_CASE_FIXTURE(users_fixture, "who stays away for users.retention is forgotten, and the record is ended") {
  r.users_retention = 600 * minute;
  auto l = make();
  view("anna", 0);
  view("bert", 60);
  commit_all(*l);
  CHECK_FALSE(user("anna").empty());
  for (int hours = 24; hours < 60; hours += 6) {
    view("bert", hours * 60);
    commit_all(*l);
  }
  CHECK(user("anna").empty());
  CHECK_FALSE(user("bert").empty());
  view("anna", 61 * 60);
  view("bert", 63 * 60);
  commit_all(*l);
  CHECK(says(user("anna"), R"("sessions":1,)"));
}

TEST_CASE_FIXTURE(users_fixture, "users leave memory when they are written, and are found again") {
  settings.max_live = 1;
  settings.session_bytes = 0;
  auto l = make();
  for (int n = 0; n < 40; ++n) view("u" + std::to_string(n), n);
  view("last", 120);
  commit_all(*l);
  CHECK(users_in_memory(*l) < 30);
  view("u7", 200);
  view("last", 300);
  commit_all(*l);
  CHECK(says(user("u7"), R"("sessions":2,)"));
}

TEST_CASE_FIXTURE(users_fixture,
                  "a record of weir.sessions that is none becomes a dead letter, and the rest goes on") {
  log.append("weir.sessions", 0, "shop|x", "no JSON", wall);
  auto l = make();
  view("anna", 0);
  view("bert", 60);
  commit_all(*l);
  CHECK(records("weir.dlq").size() == 1);
  CHECK(says(user("anna"), R"("sessions":1,)"));
}

TEST_CASE_FIXTURE(
    users_fixture,
    "a site's record says that the watermark has passed its window, though nothing comes any more") {
  auto l = make();
  view("anna", 0);
  view("bert", 10);
  for (int i = 0; i < 8; ++i, wall += minute) commit(*l);
  const auto gold = records("weir.gold.site");
  std::string last;
  for (const auto& r : gold)
    if (says(r, R"("granularity":"5m","window_start":)" + std::to_string(window_of(start)))) last = r;
  INFO(last);
  CHECK(says(last, R"("events_final":false)"));
  CHECK(says(last, R"("watermark":)" + std::to_string(start + 10 * minute - r.time.max_out_of_orderness)));
}

TEST_CASE_FIXTURE(users_fixture, "a state that cannot be read ends the lane, and no session is passed over") {
  bool broken = false;
  settings.store = [&](const task_id&) { return std::make_shared<broken_store>(broken); };
  settings.checkpoints.interval = 24 * 60 * minute;
  auto l = make();
  view("anna", 0);
  view("bert", 60);
  commit(*l);
  broken = true;
  CHECK_THROWS_WITH(commit_all(*l), "cannot read state");
  broken = false;
  l.reset();
  l = make();
  commit_all(*l);
  CHECK(says(user("anna"), R"("sessions":1,)"));
}

namespace {

/// Another source, of one partition, that has had one event.
struct dry_source : users_fixture {
  dry_source() {
    log.create_topic("clicks", 1);
    log.add_input(stage::ingest, "clicks");
    settings.sources.emplace_back("clicks/0");
    log.append("clicks", 0, "once",
               R"({"event_id":"c","event_type":"page_view","session_id":"once",)"
               R"("page_url":"https://a.example/","timestamp":)" +
                   std::to_string(start) + "}",
               start);
  }
};

}  // namespace

TEST_CASE_FIXTURE(dry_source, "a partition whose events have ended keeps no user from being forgotten") {
  r.users_retention = 600 * minute;
  auto l = make();
  view("anna", 0);
  for (int hours = 1; hours < 100; hours += 6) {
    view("bert", hours * 60);
    commit_all(*l);
  }
  CHECK(user("anna").empty());
  CHECK_FALSE(user("bert").empty());
}

TEST_CASE_FIXTURE(dry_source, "a cohort's record is final only with all its shares, and gets there") {
  constexpr std::int64_t day = 24 * 60 * minute;
  auto l = make();
  view("anna", 0);
  commit_all(*l);
  wall += 90 * day;
  for (int i = 0; i < 60; ++i, wall += 2 * 60 * minute) {
    if (i == 30) l = make();
    commit_all(*l);
  }
  bool null_ever = false;
  const auto gold = records("weir.gold.retention");
  for (const auto& record : gold) {
    null_ever |= says(record, R"("w12":null)");
    CHECK_FALSE((says(record, R"("final":true)") && says(record, R"("w12":null)")));
  }
  CHECK(null_ever);
  CHECK(says(gold.back(), R"("final":true)"));
  CHECK(says(gold.back(), R"("w12":0)"));
}

TEST_CASE_FIXTURE(users_fixture,
                  "a user whom very many share is stored in parts, which go when they are forgotten") {
  r.users_retention = 600 * minute;
  auto disk = std::make_shared<memory_store>();
  settings.store = [&](const task_id& id) {
    return id.of == stage::users ? disk : std::make_shared<memory_store>();
  };
  auto l = make();
  const auto parts = [&] {
    std::size_t n = 0;
    disk->scan("", [&](std::string_view key, std::string_view value) {
      CHECK(value.size() < 20'000);
      return n += is_part(key), true;
    });
    return n;
  };
  for (int i = 0; i < 200; ++i)
    log.append(topic, 0, "g" + std::to_string(i),
               R"({"event_id":"g)" + std::to_string(i) + R"(","event_type":"page_view","user_id":"guest",)" +
                   R"("page_url":"https://a.example/","session_id":"g)" + std::to_string(i) +
                   R"(","timestamp":)" + std::to_string(start) + "}",
               start);
  view("bert", 60);
  commit_all(*l);
  CHECK(parts() > 0);
  l = make();  // nothing of them is in memory
  for (int hours = 2; hours < 60; hours += 6) {
    view("bert", hours * 60);
    commit_all(*l);
  }
  std::string guest = "none";
  log.read_all("weir.users", 0, [&](std::string_view key, std::string_view value) {
    if (key == "default|guest") guest = value;
  });
  CHECK(guest.empty());
  CHECK(parts() == 0);
}
