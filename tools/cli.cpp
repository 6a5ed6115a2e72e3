#include "tools/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "config/units.hpp"
#include "tools/bots_command.hpp"
#include "tools/command_line.hpp"
#include "tools/config_arguments.hpp"
#include "tools/config_command.hpp"
#include "tools/demo/demo.hpp"
#include "tools/generate_command.hpp"
#include "tools/gold_command.hpp"
#include "tools/kafka/commands.hpp"
#include "tools/kafka/produce.hpp"
#include "tools/kafka/run.hpp"
#include "tools/kafka/topics.hpp"
#include "tools/log/dump.hpp"
#include "tools/replay.hpp"

namespace weir {

namespace {

constexpr int usage = 2;

/// Milliseconds of `30s`, `5m`, ..., or of a whole number of seconds.
std::optional<std::int64_t> duration_of(const std::string& text) {
  if (config::parse_count(text)) return config::parse_duration(text + 's');
  return config::parse_duration(text);
}

struct commands {
  CLI::App app{"weir: sessions and KPIs of clickstreams, in event time, exactly once"};
  int status = 0;

  config_arguments replay_config;
  replay_options replaying;
  config_arguments config_config;
  bool commented = false;
  generate_options generating;
  config_arguments demo_config, run_config, produce_config, topics_config;
  std::int32_t source_partitions = 0;
  std::string generate_to = "file";
  bool trailer = false;
  demo_options demoing;
  std::string demo_duration = "0", demo_every = "5s";
  dump_options dumping;
  config_arguments gold_config;
  gold_merge_options merging;
  kafka_commands operating;

  void add_replay() {
    auto& c = *app.add_subcommand("replay",
                                  "Reads files of events and writes sessions, gold and all else as files");
    replay_config.add_to(c);
    c.add_option("FILE", replaying.files,
                 "NDJSON or access logs, plain, .gz or .zst; `-` is standard input. Each file is a partition")
        ->required();
    c.add_option("--out", replaying.out, "Folder to write to")->required();
    c.add_option("--format", replaying.format,
                 "web: JSON lines; access: combined log; auto: by name and first line")
        ->check(CLI::IsMember({"web", "access", "auto"}))
        ->capture_default_str();
    c.add_flag("--strict", replaying.strict, "Fail (status 3) when more than 1 % of the events are too late");
    c.add_flag("--quiet", replaying.quiet, "No progress, no summary on the terminal");
    c.footer(
        "Exit status: 0 done; 1 input or output failed; 2 usage or configuration; 3 --strict violated, or "
        "nothing\n"
        "in a non-empty input is valid. Writes events.ndjson, sessions.ndjson, dlq.ndjson, late.ndjson,\n"
        "gold/<family>.ndjson and summary.json.");
    c.callback([this] {
      status =
          with_settings(replay_config.sources(), [&](const settings& s) { return replay(s, replaying); });
    });
  }

  void add_demo() {
    auto& c = *app.add_subcommand(
        "demo", "Runs the whole job on built-in traffic and the embedded log, and shows what comes out");
    demo_config.add_to(c);
    c.add_option("--data", demoing.data,
                 "Folder of the log and all state; the demo goes on with what is there (./weir-demo)");
    c.add_option(
        "--rate", demoing.rate,
        "Records a second, from two hours ago on; or `max`: as fast as can be, event time runs ahead "
        "(100)");
    c.add_option("--duration", demo_duration, "Ends after so long: 30, 30s, 5m; default: when it is stopped");
    c.add_option("--events", demoing.events, "Ends when so many records are in the log and done");
    c.add_option("--seed", demoing.seed, "Of the traffic (1)");
    c.add_option("--sessions", demoing.sessions, "Sessions open at --rate max (10000)");
    c.add_option("--every", demo_every, "Between two lines, where there is no terminal")
        ->capture_default_str();
    c.add_flag(
        "--finish", demoing.finish,
        "No traffic: works off what the log holds, closes everything as at the end of a file, and ends");
    c.footer(
        "Stop it with Ctrl-C, or kill it: started again on the same folder it goes on where it was. "
        "Configuration: "
        "over\nbuilt-in goals, a funnel and short intervals of publication.\n"
        "Exit status: 0 done; 1 the log failed; 2 usage or configuration.");
    c.callback([this] { status = run_demo(); });
  }

  int run_demo() {
    const auto seconds = duration_of(demo_duration);
    const auto every = duration_of(demo_every);
    if (!seconds || !every || *every == 0) {
      fmt::print(stderr, "weir demo: expected a duration like 30s or 5m, got \"{}\"\n",
                 seconds ? demo_every : demo_duration);
      return usage;
    }
    demoing.duration = std::chrono::milliseconds(*seconds);
    demoing.every = std::chrono::milliseconds(*every);
    return with_settings(demo_config.sources(demo_settings()),
                         [&](const settings& s) { return demo(s, demoing); });
  }

  void add_run() {
    auto& c = *app.add_subcommand("run", "Runs this node of the job on Kafka, until it is stopped");
    run_config.add_to(c);
    c.footer(
        "Needs log.kind: kafka. Stopped with SIGTERM or Ctrl-C it writes down all state; killed, it redoes.\n"
        "Exit status: 0 stopped; 1 the node cannot go on, and says why; 2 usage or configuration.");
    c.callback([this] {
      status = with_settings(run_config.sources(), [](const settings& s) { return weir::run(s); });
    });
  }

  void add_topics() {
    auto& c = *app.add_subcommand("topics", "Makes and checks the job's topics on Kafka");
    c.require_subcommand(1);
    auto& create = *c.add_subcommand("create", "Makes what is missing of weir's own topics");
    auto& check = *c.add_subcommand("check", "Says what is missing or not as it must be");
    topics_config.add_to(create);
    topics_config.add_to(check);
    create.add_option("--source-partitions", source_partitions,
                      "Makes the source topics, too, with so many partitions; default: they must be there");
    for (auto* one : {&create, &check})
      one->footer("Exit status: 0 done; 1 it is not so, or no broker; 2 usage.");
    create.callback([this] {
      status = with_settings(topics_config.sources(),
                             [this](const settings& s) { return create_topics(s, source_partitions); });
    });
    check.callback([this] { status = with_settings(topics_config.sources(), check_topics); });
  }

  void add_log() {
    auto& c = *app.add_subcommand("log", "Looks into the embedded log");
    c.require_subcommand(1);
    auto& d = *c.add_subcommand("dump",
                                "Prints a topic's records, a value a line, those of weir.partials and clocks "
                                "decoded; also while a node "
                                "is writing. Without TOPIC: the topics");
    d.add_option("DIR", dumping.data, "The node's folder (demo --data)")->required();
    d.add_option("TOPIC", dumping.topic, "topic_web_events, weir.events, weir.sessions, weir.gold.site, ...");
    d.add_option("--partition", dumping.partition, "This partition alone; default: one after the other");
    d.add_option("--from", dumping.from, "From this offset on");
    d.add_option("--limit", dumping.limit, "So many records at most");
    d.add_flag("--latest", dumping.latest,
               "Of gold and dead letters: the last record of each key alone, in order of keys");
    d.add_flag("--envelope", dumping.envelope,
               "Each as {partition, offset, time, key, value}, the value as a text");
    d.footer("Exit status: 0 done; 1 there is no such log or topic, or it cannot be read; 2 usage.");
    d.callback([this] { status = dump(dumping); });
  }

  void add_config() {
    auto& c = *app.add_subcommand("config", "Looks at the configuration");
    c.require_subcommand(1);
    auto& check = *c.add_subcommand("check", "Checks a configuration; says all that is wrong");
    auto& print = *c.add_subcommand("print", "Prints the effective configuration");
    auto& reference = *c.add_subcommand("reference", "Prints docs/configuration.md: what each setting means");
    config_config.add_to(check);
    config_config.add_to(print);
    print.add_flag("--commented", commented, "Says beside each setting what it means");
    check.callback([this] { status = config_check(options()); });
    print.callback([this] { status = config_print(options(), commented); });
    reference.callback([this] { status = config_reference_command(); });
  }

  void add_generate() {
    auto& c =
        *app.add_subcommand("generate", "Writes believable web traffic as NDJSON, in the order of arrival");
    auto& t = generating.traffic;
    const auto* out =
        c.add_option(
             "--out", generating.out,
             "`-`: standard output; a name with an extension: a file; else a folder, one file a partition")
            ->capture_default_str();
    c.add_option("--events", t.events, "Records in all")->required();
    c.add_option("--sessions", t.sessions, "Sessions open in the steady state; they arrive and last a while")
        ->capture_default_str();
    c.add_option("--rate", t.events_per_second, "Events a second of event time; 0: as --sessions needs")
        ->capture_default_str();
    c.add_option("--start", generating.start, "Event time of the beginning; default: 2026-01-01T00:00:00Z");
    c.add_option("--seed", t.seed, "The same options and seed give the same bytes")->capture_default_str();
    const auto* partitions = c.add_option("--partitions", t.partitions,
                                          "Partitions, by hash of the key; Kafka's topic has its own")
                                 ->capture_default_str();
    c.add_option("--sites", t.sites, "Sites: default, shop, site-2, ...")->capture_default_str();
    c.add_option("--pages", t.pages, "Pages a site has")->capture_default_str();
    c.add_option("--disorder", t.disorder, "Milliseconds by which a record lags at most, if it is not late")
        ->capture_default_str();
    c.add_option("--duplicates", t.duplicates, "Share of records sent twice")->capture_default_str();
    c.add_option("--late", t.late, "Share of records that come one to 40 minutes late")
        ->capture_default_str();
    c.add_option("--too-late", t.too_late, "Share of records that come 70 minutes to 3 hours late")
        ->capture_default_str();
    c.add_option("--malformed", t.malformed, "Share of records that are no valid events")
        ->capture_default_str();
    c.add_option("--to", generate_to,
                 "file: to --out; kafka: to the topic of the source `web`, as the configuration says")
        ->check(CLI::IsMember({"file", "kafka"}))
        ->capture_default_str();
    c.add_flag("--trailer", trailer,
               "To Kafka: ends each partition with an event a hundred days later, which closes all");
    produce_config.add_to(c);
    c.footer("Exit status: 0 done; 1 output failed; 2 usage.");
    c.callback([this, out, partitions] {
      const bool to_file = generate_to == "file";
      if (trailer && to_file) throw CLI::ValidationError("--trailer", "is for --to kafka alone");
      for (const auto* option : {out, partitions})
        if (option->count() > 0 && !to_file)
          throw CLI::ValidationError(option->get_name(), "is for --to file alone");
      status = to_file ? generate(generating)
                       : with_settings(produce_config.sources(),
                                       [&](const settings& s) { return produce(s, generating, trailer); });
    });
  }

  void add_gold() {
    auto& gold = *app.add_subcommand("gold", "Works with gold records");
    gold.require_subcommand(1);
    auto& c = *gold.add_subcommand("merge", "Unites gold records over any range of time, one record a key");
    gold_config.add_to(c);
    c.add_option("FILE", merging.files,
                 "Gold records, one a line, as replay writes them; plain, .gz or .zst; `-` is standard input")
        ->required();
    c.add_option("--from", merging.from, "Only windows that begin at this time or later");
    c.add_option("--to", merging.to, "Only windows that end at this time or before");
    c.add_option(
        "--granularity", merging.granularity,
        "Only windows of this size: 5m, 1h, 1d, 1dl, range. Default: each time once, from the longest "
        "final window that holds it");
    c.add_option("--family", merging.family, "Only this family");
    c.add_option("--site", merging.site, "Only this site");
    c.add_option("--key", merging.keys, "Only keys with this part, as NAME=VALUE; may be given again")
        ->take_all()
        ->allow_extra_args(false);
    c.add_flag("--final", merging.final_only, "Leave out records that are not final");
    c.footer(
        "Times are RFC 3339, dates (their midnight UTC) or milliseconds. Of several records of one window "
        "and key the highest revision "
        "counts.\n"
        "Exit status: 0 done; 1 input is no gold or cannot be united, or output failed; 2 usage or "
        "configuration.");
    c.callback([this] {
      status = with_settings(gold_config.sources(),
                             [&](const settings& s) { return gold_merge_command(s, merging); });
    });
  }

  config_options options() const {
    return {config_config.file, config_config.environment, config_config.sets};
  }

  int run(int argc, char** argv) {
    app.require_subcommand(1);
    app.set_version_flag("--version", "weir " WEIR_VERSION);
    add_replay();
    add_demo();
    add_run();
    add_topics();
    add_log();
    add_config();
    add_generate();
    add_gold();
    add_bots_command(app, status);
    operating.add_to(app, status);
    check_whole_numbers(app);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& x) {
      if (x.get_exit_code() == 0) return app.exit(x);  // --help, --version
      fmt::print(stderr, "{}\n", usage_fault(app, x));
      return usage;
    }
    return status;
  }
};

}  // namespace

int run_cli(int argc, char** argv) { return commands().run(argc, argv); }

}  // namespace weir
