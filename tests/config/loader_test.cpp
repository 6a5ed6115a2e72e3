#include "config/loader.hpp"

#include <doctest/doctest.h>

#include "config/print.hpp"
#include "tests/config/files.hpp"

using namespace weir;

namespace {

settings load_text(const std::string& yaml, std::vector<std::string> sets = {}) {
  const test_folder folder;
  return load_settings({folder.write("weir.yaml", yaml), {}, {}, std::move(sets)});
}

settings load_sets(std::vector<std::string> sets) { return load_settings({{}, {}, {}, std::move(sets)}); }

settings load_variables(std::vector<std::pair<std::string, std::string>> variables) {
  return load_settings({{}, {}, std::move(variables), {}});
}

/// What is wrong with a file, without the folder before its name.
std::string wrong(const std::string& yaml) {
  const test_folder folder;
  const auto file = folder.write("f", yaml);
  try {
    load_settings({file, {}, {}, {}});
  } catch (const config_error& e) {
    std::string text = e.what();
    const auto prefix = folder.path().string() + '/';
    for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix)) text.erase(at, prefix.size());
    return text;
  }
  return "nothing";
}

std::string wrong_set(const std::string& argument) {
  try {
    load_sets({argument});
  } catch (const config_error& e) {
    return e.what();
  }
  return "nothing";
}

std::string wrong_variable(const std::string& name, const std::string& value) {
  try {
    load_variables({{name, value}});
  } catch (const config_error& e) {
    return e.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("without any source the defaults hold") {
  CHECK(print_settings(load_settings({})) == print_settings(settings{}));
}

TEST_CASE("an empty file changes nothing") {
  CHECK(print_settings(load_text("# nothing\n")) == print_settings({}));
}

TEST_CASE("the whole file of the specification with its defaults loads to the defaults") {
  const auto s = load_settings({WEIR_SOURCE_DIR "/tests/data/config/defaults.yaml", {}, {}, {}});
  CHECK(print_settings(s) == print_settings({}));
}

TEST_CASE("what comes later wins: file, environment, variables, --set") {
  const test_folder folder;
  const auto file = folder.write(
      "weir.yaml", "kpi: {shards: 1, max_keys: 1}\ncommit: {max_records: 1}\nhttp: {listen: \"a:1\"}\n");
  folder.write("environments/prod.yaml",
               "kpi: {shards: 2}\ncommit: {max_records: 2}\nhttp: {listen: \"a:2\"}\n");
  const auto s = load_settings(
      {file, "prod", {{"WEIR_COMMIT_MAX_RECORDS", "3"}, {"WEIR_HTTP_LISTEN", "a:3"}}, {"http.listen=a:4"}});
  CHECK(s.kpi.max_keys == 1);
  CHECK(s.kpi.shards == 2);
  CHECK(s.commit.max_records == 3);
  CHECK(s.http.listen == "a:4");
}

TEST_CASE("an environment that does not exist is an error with the nearest name") {
  const test_folder folder;
  const auto file = folder.write("weir.yaml", "");
  folder.write("environments/prod.yaml", "");
  CHECK_THROWS_WITH_AS(load_settings({file, "pord", {}, {}}),
                       doctest::Contains("there is no such environment; did you mean prod?"), config_error);
}

TEST_CASE(
    "an environment without a configuration file says where it was looked for, and where else it can be") {
  const auto folder = std::filesystem::current_path().string();
  CHECK_THROWS_WITH_AS(load_settings({{}, "nowhere", {}, {}}),
                       doctest::Contains((folder + "/config/environments/nowhere.yaml").c_str()),
                       config_error);
  CHECK_THROWS_WITH_AS(load_settings({{}, "nowhere", {}, {}}),
                       doctest::Contains("with --config FILE it is looked for in environments/ beside FILE"),
                       config_error);
}

TEST_CASE("a number above the bound is told the bound") {
  CHECK(
      wrong_set("node.lanes=100000").find("expected auto or a whole number from 1 to 1024, got \"100000\"") !=
      std::string::npos);
}

TEST_CASE("the environments of weir load") {
  for (const auto* name : {"dev", "staging", "prod"})
    CHECK_NOTHROW(load_settings({WEIR_SOURCE_DIR "/config/weir.yaml", name, {}, {}}));
}

TEST_CASE("off and false switch a limit off") {
  CHECK(load_text("late: {max_delay: off}").late.max_delay == unlimited);
  CHECK(load_text("late: {max_delay: false}").late.max_delay == unlimited);
  CHECK(load_text("checkpoint: {interval: 0}").checkpoint.interval == 0);
  CHECK(wrong("session: {timeout: off}") ==
        "f:1: session.timeout: expected a duration above 0, like 500ms, 30s, 5m, 24h or 7d, got \"off\"");
}

TEST_CASE(
    "sources and sites replace the defaults, their entries take what they lack from the default entry") {
  const auto s =
      load_text("sources: {sdk: {topic: t, backfill: true}}\nsites: {shop: {currency: USD}, blog: }\n");
  CHECK(s.sources.size() == 1);
  CHECK(s.sources.at("sdk").format == "web");
  CHECK(s.sources.at("sdk").backfill);
  CHECK(s.sites.size() == 2);
  CHECK(s.sites.at("shop").timezone == "UTC");
  CHECK(s.sites.at("blog").currency == "EUR");
}

TEST_CASE("a site that is not listed is like one without settings") {
  CHECK(make_rules(load_text("sites: {shop: {currency: USD}}")).site("other").currency == "EUR");
}

TEST_CASE("other maps are merged key by key") {
  const auto s = load_text("kafka: {properties: {a: 1, b: 2}}", {"kafka.properties.b=3"});
  CHECK(s.kafka.properties == std::map<std::string, std::string>{{"a", "1"}, {"b", "3"}});
}

TEST_CASE("--set reaches into sites and sources of the file") {
  const auto s = load_text("sites: {shop: {currency: USD}}",
                           {"sites.shop.timezone=Europe/Berlin", "sites.a.b.currency=CHF"});
  CHECK(s.sites.at("shop").timezone == "Europe/Berlin");
  CHECK(s.sites.at("shop").currency == "USD");
  CHECK(s.sites.at("a.b").currency == "CHF");
  CHECK(load_sets({"sources.web.topic=clicks"}).sources.at("web").topic == "clicks");
}

TEST_CASE("--set takes YAML") {
  const auto s =
      load_sets({"goals=[{id: x, event: {type: form_submit, page_path: \"/s*\"}, revenue: true}]"});
  REQUIRE(s.goals.size() == 1);
  CHECK(s.goals[0].id == "x");
  CHECK(s.goals[0].event.type == event_type::form_submit);
  CHECK(s.goals[0].event.page_path == "/s*");
  CHECK(s.goals[0].revenue);
  CHECK(load_sets({"kafka.prefix="}).kafka.prefix == "");
}

TEST_CASE("properties of Kafka, which may be passwords, are taken as they are") {
  CHECK(load_sets({"kafka.properties.sasl.password=*a: #b=c"}).kafka.properties.at("sasl.password") ==
        "*a: #b=c");
  CHECK(
      load_variables({{"WEIR_KAFKA_PROPERTIES_SASL_PASSWORD", "[x"}}).kafka.properties.at("sasl.password") ==
      "[x");
}

TEST_CASE("variables of the environment name settings") {
  const auto s = load_variables({{"WEIR_TIME_MAX_OUT_OF_ORDERNESS", "10s"},
                                 {"WEIR_BOTS_WEIGHTS_RATE", "1"},
                                 {"WEIR_SITES_MY_SHOP_TARGET_DURATION", "1s"},
                                 {"WEIR_SOURCES_WEB_TOPIC", "clicks"},
                                 {"WEIR_GOALS", "[{id: x, event: {name: y}}]"}});
  CHECK(s.time.max_out_of_orderness == 10'000);
  CHECK(s.sites.at("my_shop").target_duration == 1000);
  CHECK(s.sources.at("web").topic == "clicks");
  CHECK(s.goals.size() == 1);
}

TEST_CASE("a variable means the entry that the file spells so") {
  const test_folder folder;
  const auto file = folder.write("f", "sites: {My-Shop: {currency: USD}}");
  const auto s = load_settings({file, {}, {{"WEIR_SITES_MY_SHOP_TIMEZONE", "Asia/Tokyo"}}, {}});
  CHECK(s.sites.size() == 1);
  CHECK(s.sites.at("My-Shop").timezone == "Asia/Tokyo");
}

TEST_CASE("a variable that begins like a setting but is none is an error with the nearest name") {
  CHECK(wrong_variable("WEIR_COMMIT_INTERVALL", "1s") ==
        "WEIR_COMMIT_INTERVALL: there is no such setting; did you mean WEIR_COMMIT_INTERVAL?");
  CHECK(wrong_variable("WEIR_COMIT_INTERVAL", "1s") ==
        "WEIR_COMIT_INTERVAL: there is no such setting; did you mean WEIR_COMMIT_INTERVAL?");
  CHECK(wrong_variable("WEIR_SITES_SHOP_COLOUR", "red")
            .starts_with("WEIR_SITES_SHOP_COLOUR: there is no such setting"));
}

TEST_CASE("variables that are not weir's business, reserved or empty are left alone") {
  for (const auto* name : {"WEIR_CONFIG", "WEIR_ENV", "WEIR_PORT_8002_TCP", "HOME"})
    CHECK(wrong_variable(name, "x") == "nothing");
  CHECK(wrong_variable("WEIR_COMMIT_INTERVAL", "") == "nothing");
}

TEST_CASE("an unknown key is an error with file, line and the nearest right name") {
  CHECK(wrong("kpi:\n  shards: 8\ncommit:\n  intervall: 1s\n") ==
        "f:4: commit.intervall: there is no such setting; did you mean commit.interval?");
  CHECK(wrong("sesion: {timeout: 1s}") == "f:1: sesion: there is no such setting; did you mean session?");
  CHECK(wrong("timeout: 1s") == "f:1: timeout: there is no such setting; did you mean session.timeout?");
  CHECK(
      wrong("session: {max_out_of_orderness: 1s}") ==
      "f:1: session.max_out_of_orderness: there is no such setting; did you mean time.max_out_of_orderness?");
  CHECK(wrong("sites:\n  shop:\n    timezon: UTC\n") ==
        "f:3: sites.shop.timezon: there is no such setting; did you mean sites.shop.timezone?");
  CHECK(wrong("goals:\n- id: x\n  event: {path: /}\n") ==
        "f:3: goals[0].event.path: there is no such setting; did you mean goals[0].event.page_path?");
  CHECK(wrong_set("commit.intervall=1s") ==
        "--set commit.intervall: there is no such setting; did you mean commit.interval?");
}

TEST_CASE("a wrong type is an error that says what was expected and what came") {
  CHECK(wrong("kpi: {shards: many}") ==
        "f:1: kpi.shards: expected a whole number from 1 to 4096, got \"many\"");
  CHECK(wrong("kpi: {shards: 1.5}") ==
        "f:1: kpi.shards: expected a whole number from 1 to 4096, got \"1.5\"");
  CHECK(wrong("kpi: {shards: -1}") == "f:1: kpi.shards: expected a whole number from 1 to 4096, got \"-1\"");
  CHECK(wrong("kpi: {shards: \"8\"}") ==
        "f:1: kpi.shards: expected a whole number from 1 to 4096, got \"8\"");
  CHECK(wrong("kpi: {shards: [8]}") == "f:1: kpi.shards: expected a whole number from 1 to 4096, got a list");
  CHECK(wrong("kpi: {shards: }") == "f:1: kpi.shards: expected a whole number from 1 to 4096, got nothing");
  CHECK(wrong("kpi: 8") == "f:1: kpi: expected a map, got \"8\"");
  CHECK(wrong("- kpi") == "f:1: expected a map, got a list");
  CHECK(wrong("output: {silver: maybe}") == "f:1: output.silver: expected true or false, got \"maybe\"");
  CHECK(wrong("commit: {max_bytes: 64MB}") ==
        "f:1: commit.max_bytes: expected a size, like 64MiB, got \"64MB\"");
  CHECK(wrong("http: {listen: 8002}") == "f:1: http.listen: expected host:port or off, got \"8002\"");
  CHECK(wrong("goals: {id: x}") == "f:1: goals: expected a list of maps, got a map");
  CHECK(wrong("goals: [x]") == "f:1: goals[0]: expected a map, got \"x\"");
  CHECK(wrong("sites: {a b: {}}").starts_with("f:1: sites.a b: expected a site id"));
  CHECK(wrong("replay: {now: yesterday}") ==
        "f:1: replay.now: expected start, or a time like 2024-02-18T10:30:00Z, got \"yesterday\"");
  CHECK(wrong("privacy: {ip: hide}")
            .ends_with("expected keep, truncate or drop, got \"hide\"; did you mean keep?"));
  CHECK(wrong("goals: [{event: {}}]") == "f:1: goals[0]: expected a map with id, which is not there");
}

TEST_CASE("all that is wrong is told at once") {
  CHECK(wrong("kpi: {shards: x}\nhttp: {port: 1}\n") ==
        "f:1: kpi.shards: expected a whole number from 1 to 4096, got \"x\"\n"
        "f:2: http.port: there is no such setting; did you mean http.listen?");
}

TEST_CASE("what contradicts itself is an error") {
  CHECK(wrong("session: {timeout: 10s}") ==
        "f:1: session.timeout: time.max_out_of_orderness (30s) must be below session.timeout (10s)");
  CHECK(wrong("session: {timeout: 10s}\ntime: {max_out_of_orderness: 10s}")
            .starts_with("f:2: time.max_out_of"));
  CHECK(wrong("goals:\n- {id: x, event: {name: a}}\n- {id: x, event: {name: b}}\n") ==
        "f:3: goals[1].id: expected ids that differ, \"x\" is goals[0]'s, too");
  CHECK(wrong("funnels: [{id: x, steps: [{match: {name: a}}]}, {id: x, steps: [{match: {name: a}}]}]")
            .find("funnels[1].id") != std::string::npos);
  CHECK(wrong("goals: [{id: x}]") ==
        "f:1: goals[0].event: expected at least one of type, name, page_path and min_value: every event "
        "would do");
  CHECK(wrong("goals: [{id: x, event: {type: '', min_value: 0}}]").find("every event would do") !=
        std::string::npos);
  CHECK(wrong("funnels: [{id: x, steps: [{match: {name: a}}, {match: {}}]}]")
            .starts_with("f:1: funnels[0].steps[1].match: expected at least one of type"));
  CHECK(wrong("funnels: [{id: x, steps: []}]") == "f:1: funnels[0].steps: expected 1 to 32 steps, got 0");
  std::string steps = "{match: {name: a}}";
  for (int i = 0; i < 32; ++i) steps += ", {match: {name: a}}";
  CHECK(wrong("funnels: [{id: x, steps: [" + steps + "]}]") ==
        "f:1: funnels[0].steps: expected 1 to 32 steps, got 33");
  CHECK(wrong("sources: {a: {topic: t}, b: {topic: t}}") ==
        "f:1: sources.b.topic: expected topics that differ, \"t\" is sources.a's, too");
  CHECK(wrong("sources: {}") == "f:1: sources: expected at least one source");
  CHECK(wrong("sources: {a: {topic: weir.events}}").find("is one of weir's own") != std::string::npos);
  CHECK(wrong("sites: {a: {timezone: Europe/Berlino}}") ==
        "f:1: sites.a.timezone: expected a time zone, got \"Europe/Berlino\"; did you mean Europe/Berlin?");
  CHECK(wrong("replay: {source: wbe}") ==
        "f:1: replay.source: expected one of the sources, got \"wbe\"; did you mean web?");
}

TEST_CASE("what this version does not do is an error rather than ignored") {
  for (const auto* yaml : {"session: {split_on_campaign: on}", "sources: {a: {format: app}}"})
    CHECK_MESSAGE(wrong(yaml).ends_with("is not available in this version"), yaml);
}

TEST_CASE("a threshold from which every session would be a bot is refused") {
  CHECK(wrong("bots: {threshold: 1000000}") == "nothing");
  CHECK(wrong("bots: {threshold: 0}") ==
        "f:1: bots.threshold: expected a number above 0, got 0: every session would be a bot");
}

TEST_CASE("a source for replay that is not there is told when it is asked for") {
  const auto s = load_text("sources: {sdk: {topic: t}}");
  CHECK_THROWS_AS(replay_source(s), config_error);
  CHECK(replay_source(settings{}).topic == "topic_web_events");
}
