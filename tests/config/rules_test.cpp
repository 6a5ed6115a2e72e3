#include <doctest/doctest.h>

#include <string>

#include "config/error.hpp"
#include "config/settings.hpp"
#include "tests/config/files.hpp"

using namespace weir;

TEST_CASE("rules take over what the settings say") {
  settings s;
  s.session.timeout = 5;
  s.late.max_delay = 7;
  s.sources["old"].backfill = true;
  s.output.silver = false;
  s.output.max_bytes = 9;
  s.bots = {1.25, 9, "default", {}, {.rate = 0.1}};
  s.privacy.ip = ip_privacy::drop;
  const auto r = make_rules(s);
  CHECK(r.session.timeout == 5);
  CHECK(r.max_delay == 7);
  CHECK(r.backfill);
  CHECK_FALSE(make_rules({}).backfill);
  CHECK_FALSE(r.silver);
  CHECK(r.max_output_bytes == 9);
  CHECK(r.ip == ip_privacy::drop);
  CHECK(r.bots.threshold == 1'250'000);
  CHECK(r.bots.weights[static_cast<std::size_t>(bot_signal::rate)] == 100'000);
  CHECK(r.bots.max_events_per_minute == 9);
}

TEST_CASE("the secret of users' ids is what its file holds, without the line break at its end") {
  const test_folder folder;
  settings s;
  CHECK(make_rules(s).user_id_secret.empty());
  for (const std::string end : {"", "\n", "\r\n"}) {
    s.privacy.hash_user_ids = folder.write("secret", " se\ncret " + end).string();
    CHECK(make_rules(s).user_id_secret == " se\ncret ");
  }
}

TEST_CASE("a file of a secret that cannot be used is an error that names it, and not what it holds") {
  const test_folder folder;
  const auto error_of = [](const std::filesystem::path& file) -> std::string {
    settings s;
    s.privacy.hash_user_ids = file.string();
    try {
      make_rules(s);
    } catch (const config_error& x) {
      return x.what();
    }
    return {};
  };
  const std::string what = "privacy.hash_user_ids: expected a file with a secret, ";
  CHECK(error_of("/nowhere/secret") == what + "/nowhere/secret cannot be read: No such file or directory");
  CHECK(error_of(folder.path()) == what + folder.path().string() + " is a folder");
  const auto empty = folder.write("empty", "\n");
  CHECK(error_of(empty) == what + empty.string() + " is empty");
}

TEST_CASE("replay knows no delay of delivery") { CHECK(make_replay_rules({}).max_delay == unlimited); }

TEST_CASE("the hosts of a site are compared in lower case and without www") {
  settings s;
  s.sites["default"].domains = {"WWW.Shop.example.com", "pay.example.com"};
  CHECK(make_rules(s).site("default").domains ==
        std::vector<std::string>{"shop.example.com", "pay.example.com"});
}

TEST_CASE("an alias of an event's name means the name in goals and funnels, too") {
  settings s;
  s.goals = {{"g", {std::nullopt, "form_focus", "", 0}, false}};
  s.funnels = {{"f", funnel::reach::session, 1, {{"s", {std::nullopt, "form_focus", "", 0}}}}};
  const auto r = make_rules(s);
  CHECK(r.goals[0].event.name == "form_start");
  CHECK(r.funnels[0].steps[0].match.name == "form_start");
}
