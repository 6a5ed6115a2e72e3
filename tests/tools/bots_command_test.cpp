#include "tools/bots_command.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/config/files.hpp"

namespace weir {

namespace {

struct run {
  int status;
  std::string out, errors;
};

run explain(const bots_explain_options& options, const settings& s = {}) {
  std::ostringstream out, errors;
  const int status = bots_explain(s, options, out, errors);
  return {status, out.str(), errors.str()};
}

}  // namespace

TEST_CASE("an agent is explained by its verdict, its reasons and its device") {
  const auto bot =
      explain({"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", false, false});
  CHECK(bot.status == 0);
  CHECK(bot.out.starts_with("verdict   bot: 1 of 1\nreason    crawler (1): it matches Googlebot\\/\n"));
  CHECK(bot.out.find("browser   Googlebot 2.1\n") != std::string::npos);
  const auto person =
      explain({"Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0", false, false});
  CHECK(person.status == 0);
  CHECK(person.out.starts_with("verdict   no bot by its agent: 0 of 1\ndevice    desktop\n"));
}

TEST_CASE("as JSON an explanation has the fields of an event") {
  const auto x = explain({"HeadlessChrome/120", false, true});
  CHECK(x.out.starts_with(R"({"user_agent":"HeadlessChrome/120","is_bot":true,"bot_score":2,)"
                          R"("bot_reasons":["crawler","headless"])"));
}

TEST_CASE("a file of agents, events and log lines has each of its agents explained, and counted") {
  const test_folder folder;
  const auto file =
      folder.write("in.txt",
                   "curl/8.0\n{\"user_agent\":\"curl/8.0\"}\n{\"user_agent\":\"\"}\n{\"event_id\":\"x\"}\n"
                   "1.2.3.4 - - [18/Feb/2024:10:30:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8.0\"\n");
  const auto x = explain({file.string(), false, false});
  CHECK(x.status == 0);
  CHECK(x.out ==
        "-          1  empty_agent               (empty)\n"
        "bot        3  crawler                   curl/8.0\n"
        "1 of 2 agents are bots', with 3 of 5 lines; 1 lines have no agent\n");
}

TEST_CASE("a file that is not there is an error, a list that is not there one of the configuration") {
  const auto x = explain({"/nowhere/agents.txt", true, false});
  CHECK(x.status == 1);
  CHECK(x.errors.find("/nowhere/agents.txt") != std::string::npos);
  settings s;
  s.bots.crawlers = "/nowhere/crawlers.txt";
  const auto y = explain({"a", false, false}, s);
  CHECK(y.status == 2);
  CHECK(y.errors.find("bots.crawlers") != std::string::npos);
}

}  // namespace weir
