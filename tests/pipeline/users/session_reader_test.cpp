#include <doctest/doctest.h>

#include "pipeline/base/codec.hpp"
#include "pipeline/users/session_reader.hpp"
#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

session_news read(std::string_view json) {
  session_reader reader;
  session_news news;
  reader.read(json, news);
  return news;
}

}  // namespace

TEST_CASE("the users stage reads what the ingest stage publishes of a session") {
  session_fixture f;
  f.out.partition = 3;
  f.settings.goals = {{"buy", {event_type::custom_event, "buy", "", 0}, true}};
  f.settings.funnels = {
      {"session's", funnel::reach::session, hour, {{"a", {{}, "", "/", 0}}, {"b", {}}}},
      {"user's", funnel::reach::user, hour, {{"a", {{}, "", "/", 0}}, {"b", {{}, "buy", "", 0}}}}};
  auto first = f.view(noon);
  first[text::user_id] = "u\"1";
  f.give(first);
  f.give_view(noon + 40 * second, "/other");
  auto bought = f.custom(noon + 50 * second, "buy");
  bought.set(number::event_value, 12.5);
  f.give(bought);
  f.commit(noon + hour);
  const auto news = read(f.records.value(f.records.records().at(0)));
  const auto& s = news.session;
  CHECK(s.id.key == "topic_web_events|default|s1|1704110400000");
  CHECK(s.id.partition == 3);
  CHECK(s.started_at == noon);
  CHECK(s.ended_at == noon + 50 * second);
  CHECK(s.page_views == 2);
  CHECK(s.revenue == 12'500'000);
  CHECK(s.engaged);
  CHECK(s.converted);
  CHECK(s.identified);
  CHECK(s.lingered);  // 40 s on one page
  CHECK(news.revision == 1);
  CHECK_FALSE(news.withdrawn);
  REQUIRE(news.hits.size() >= 2);
  CHECK(news.hits[0] == user_hit{hash64("user's"), {noon, 0}, 1});
  CHECK(news.hits.back() == user_hit{hash64("user's"), {noon + 50 * second, 2}, 2});
}

TEST_CASE("a session that is withdrawn, or a bot's, is none of the user's") {
  CHECK(read(R"({"session_key":"k","withdrawn":true,"revision":2})").withdrawn);
  CHECK(read(R"({"session_key":"k","is_bot":true,"revision":2})").withdrawn);
  CHECK_FALSE(read(R"({"session_key":"k","is_bot":false,"withdrawn":false})").withdrawn);
}

TEST_CASE("what is no record of a session is refused") {
  for (const auto* json :
       {"", "[]", "{", R"({"revision":1})", R"({"session_key":"k","revenue":"x"})",
        R"({"session_key":"k","started_at":1.5})",
        R"({"session_key":"k","user_funnel_hits":[{"funnel":"f","steps":[0],"at":1,"offset":1}]})"})
    CHECK_THROWS_AS(read(json), decode_error);
}
