#include <doctest/doctest.h>

#include "config/settings.hpp"

using namespace weir;

TEST_CASE("rules take over what the settings say") {
  settings s;
  s.session.timeout = 5;
  s.late.max_delay = 7;
  s.sources["old"].backfill = true;
  s.output.silver = false;
  s.output.max_bytes = 9;
  s.privacy.ip = ip_privacy::drop;
  const auto r = make_rules(s);
  CHECK(r.session.timeout == 5);
  CHECK(r.max_delay == 7);
  CHECK(r.backfill);
  CHECK_FALSE(make_rules({}).backfill);
  CHECK_FALSE(r.silver);
  CHECK(r.max_output_bytes == 9);
  CHECK(r.ip == ip_privacy::drop);
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
