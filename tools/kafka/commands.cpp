#include "tools/kafka/commands.hpp"

#include <CLI/CLI.hpp>

#include "tools/alerts/alerts.hpp"
#include "tools/config_arguments.hpp"
#include "tools/explain/explain.hpp"
#include "tools/kafka/dlq.hpp"
#include "tools/kafka/drain.hpp"
#include "tools/kafka/members.hpp"
#include "tools/kafka/reset.hpp"
#include "tools/kafka/state.hpp"
#include "tools/kafka/tail.hpp"

namespace weir {

struct kafka_commands::arguments {
  config_arguments config;  // of the one that runs
  tail_options tailing;
  dlq_options letters;
  state_options state;
  members_options membership;
  alerts_options alerting;
  explain_options explaining;
  drain_options draining;
  reset_options resetting;

  void add_members(CLI::App& app, int& status);
  void add_alerts(CLI::App& app, int& status);
  void add_explain(CLI::App& app, int& status);
  void add_drain(CLI::App& app, int& status);
  void add_tail(CLI::App& app, int& status);
  void add_dlq(CLI::App& app, int& status);
  void add_state(CLI::App& app, int& status);
  void add_reset(CLI::App& app, int& status);
  CLI::App& add_letters(CLI::App& dlq, const char* name, const char* what, int& status,
                        int (*command)(const settings&, const dlq_options&));
};

void kafka_commands::arguments::add_tail(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand(
      "tail", "Prints a topic's records as they come, a value a line, decoded, of committed transactions");
  config.add_to(c);
  c.add_option("TOPIC", tailing.topic,
               "weir.sessions, weir.gold.site, weir.partials, weir.changelog.<topic>, a source topic, ...; "
               "kafka.prefix is put before weir's own")
      ->required();
  c.add_option("--from", tailing.from,
               "beginning, end, or an offset; default: end, with --no-follow beginning");
  c.add_option("--partition", tailing.partition, "This partition alone");
  c.add_option("--limit", tailing.limit, "Ends after so many records");
  c.add_option("--key", tailing.filter.key, "Only records whose key begins so");
  c.add_option("--site", tailing.filter.site, "Only records of this site");
  c.add_option("--where", tailing.filter.where,
               "Only records with this value, as FIELD=VALUE, FIELD perhaps a path like source.topic; may be "
               "given again")
      ->take_all()
      ->allow_extra_args(false);
  c.add_flag("--no-follow", tailing.no_follow, "Ends at the end of the topic");
  c.add_flag("--uncommitted", tailing.uncommitted, "Shows records of open and aborted transactions, too");
  c.add_flag("--envelope", tailing.envelope,
             "Each as {partition, offset, time, key, value}; bytes that are no text as base64, and "
             "value_encoding says so");
  c.footer(
      "Partials and changelogs are decoded to JSON. It ends with Ctrl-C.\n"
      "Exit status: 0 done; 1 no broker, no such topic, or it cannot be read; 2 usage or configuration.");
  c.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return tail(s, tailing); });
  });
}

CLI::App& kafka_commands::arguments::add_letters(CLI::App& dlq, const char* name, const char* what,
                                                 int& status,
                                                 int (*command)(const settings&, const dlq_options&)) {
  auto& c = *dlq.add_subcommand(name, what);
  config.add_to(c);
  c.add_option("--reason", letters.reason, "Only this reason: missing_field, internal_error, ...");
  c.add_option("--topic", letters.topic, "Only from this topic");
  c.add_option("--since", letters.since,
               "Only records of this time or later: RFC 3339, a date, or milliseconds; broker time");
  c.add_option("--until", letters.until, "Only records before this time");
  c.add_option("--key", letters.key, "Only this dead letter: topic|partition|offset");
  c.add_option("--limit", letters.limit, "So many at most");
  c.callback([this, &status, command] {
    status = with_settings(config.sources(), [&](const settings& s) { return command(s, letters); });
  });
  return c;
}

void kafka_commands::arguments::add_dlq(CLI::App& app, int& status) {
  auto& dlq = *app.add_subcommand("dlq", "Looks at dead letters, and sends their records again");
  dlq.require_subcommand(1);
  auto& list =
      add_letters(dlq, "list", "Counts by reason and topic, with the first and last time", status, dlq_list);
  auto& show = add_letters(dlq, "show", "Prints dead letters that have not been sent again, in full", status,
                           dlq_show);
  auto& replay = add_letters(
      dlq, "replay", "Sends the records of dead letters to where they stood, each once", status, dlq_replay);
  for (auto* one : {&list, &show}) {
    one->add_flag("--json", letters.json, "One JSON value a line");
    one->footer("Exit status: 0 done; 1 no broker, or it cannot be read; 2 usage or configuration.");
  }
  replay.add_flag("--dry-run", letters.dry_run, "Says what it would do, and does nothing");
  replay.add_flag("--again", letters.again, "Sends what was sent again before and failed again, too");
  replay.footer(
      "A record and the mark under its letter's key are one transaction: a second replay sends nothing, and "
      "of "
      "two at\nonce the one that began first is fenced. What is cut at 256 KiB cannot be sent.\n"
      "Exit status: 0 done; 1 no broker, or another replay has begun; 2 usage or configuration.");
}

void kafka_commands::arguments::add_state(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand("state", "Looks at a node's local copy of its tasks' state");
  c.require_subcommand(1);
  auto& inspect = *c.add_subcommand("inspect", "Says what it holds of each task, or prints one key's value");
  auto& verify = *c.add_subcommand("verify", "Compares it with the committed records of the changelogs");
  for (auto* one : {&inspect, &verify}) {
    config.add_to(*one);
    one->add_option("DIR", state.folder, "The node's folder; default: node.data_dir of the configuration");
    one->add_option("--task", state.task, "This task alone, as <topic>/<partition>");
  }
  inspect.add_option(
      "--key", state.key,
      "Prints this key's value: epoch, site|session_id, clock|source, family|gold key, as weir tail "
      "shows them");
  inspect.add_flag("--json", state.json, "One JSON value a task");
  inspect.footer(
      "Also while the node runs: of what it has not flushed to disk yet nothing is seen.\n"
      "Exit status: 0 done; 1 there is no such state, task or key; 2 usage or configuration.");
  verify.add_option("--limit", state.limit, "Differences of a task that are named (20)");
  verify.footer(
      "Exit status: 0 equal; 1 something differs, or there is no such state or broker; 2 usage or "
      "configuration.");
  inspect.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return state_inspect(s, state); });
  });
  verify.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return state_verify(s, state); });
  });
}

void kafka_commands::arguments::add_members(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand("members", "Lists the job's nodes, as they have announced themselves");
  config.add_to(c);
  c.add_flag("--json", membership.json, "Their records, one a line");
  c.footer(
      "A node announces itself, its version, a hash of its configuration and its tasks on weir.members, when "
      "they\nchange and every minute. Says so when nodes differ in version or configuration.\n"
      "Exit status: 0 done; 1 no broker, or no such topic; 2 usage or configuration.");
  c.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return members(s, membership); });
  });
}

void kafka_commands::arguments::add_alerts(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand("alerts", "Looks at alerts on KPIs, and tries them");
  c.require_subcommand(1);
  const auto add = [&](const char* name, const char* what, auto command) -> CLI::App& {
    auto& one = *c.add_subcommand(name, what);
    config.add_to(one);
    one.callback([this, &status, command] {
      status = with_settings(config.sources(), [&](const settings& s) { return command(s, alerting); });
    });
    return one;
  };
  add("rules", "Prints the rules: weir's own with what the configuration changes and adds", alerts_rules);
  auto& list = add("list", "Prints what fires now, from weir.alerts", alerts_list);
  list.add_flag("--all", alerting.all, "What is over, too");
  auto& test = add("test", "Judges gold files by the rules, or posts a message to the webhook", alerts_test);
  test.add_option(
      "FILE", alerting.files,
      "Gold records, one a line, as replay writes them; plain, .gz or .zst; `-` is standard input");
  test.add_flag("--webhook", alerting.webhook, "Posts a message to webhook.url");
  for (auto* one : {&list, &test}) {
    one->add_flag("--json", alerting.json, "One JSON value a line, as on weir.alerts");
    one->footer(
        "Exit status: 0 done; 1 no broker, input that is no gold, or the webhook did not take it; 2 usage or "
        "configuration.");
  }
}

void kafka_commands::arguments::add_explain(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand("explain", "Tells how a number of gold came about");
  config.add_to(c);
  auto& e = explaining;
  c.add_option("SITE", e.site, "The site; of family quality: (all)")->required();
  c.add_option("FAMILY", e.family, "site, pages, sources, ...")->required();
  c.add_option("METRIC", e.metric, "As in the record's metrics")->required();
  c.add_option("--window", e.window, "A time within the window; default: the newest that there is");
  c.add_option("--granularity", e.granularity, "5m, 1h, 1d, 1dl")->capture_default_str();
  c.add_option("--key", e.keys, "A part of the key, as NAME=VALUE; may be given again")
      ->take_all()
      ->allow_extra_args(false);
  c.add_option(
       "--file", e.files,
       "Gold records, one a line, as replay writes them (quality's, too); may be given again. Default: "
       "the topics on Kafka")
      ->take_all()
      ->allow_extra_args(false);
  c.add_flag("--json", e.json, "As one JSON value, with the record");
  c.footer(
      "Its definition, window and clocks, what it is made of, how often it was published, late, duplicate "
      "and "
      "bot\nevents that arrived in that time, and how far it may be off.\n"
      "Exit status: 0 done; 1 no such record, no broker, or input that is no gold; 2 usage or "
      "configuration.");
  c.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return explain(s, explaining); });
  });
}

void kafka_commands::arguments::add_drain(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand(
      "drain", "Has a running node write everything down, give its tasks to the others, and end");
  config.add_to(c);
  c.add_option("--at", draining.url, "host:port of the node's HTTP server; default: http.listen");
  c.add_flag("--no-wait", draining.no_wait, "Does not wait for the node's end");
  c.footer(
      "The others go on at once, with nothing to redo; a node that is only stopped keeps its place in the "
      "group\n"
      "until session.timeout.ms is over, for a quick return.\n"
      "Exit status: 0 done; 1 no node answers, or it does not end; 2 usage or configuration.");
  c.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return drain(s, draining); });
  });
}

void kafka_commands::arguments::add_reset(CLI::App& app, int& status) {
  auto& c = *app.add_subcommand(
      "reset", "Gives up the state of tasks that were refused, or accepts that input of theirs is gone");
  config.add_to(c);
  auto& r = resetting;
  c.add_option("--stage", r.stage, "Only tasks of this stage")
      ->check(CLI::IsMember({"ingest", "users", "kpis"}));
  c.add_option("--topic", r.topic, "Only tasks that read this topic");
  c.add_option("--partition", r.partition, "Only this partition of --topic");
  c.add_flag("--all", r.all, "All tasks of the job");
  c.add_option(
       "--to", r.to,
       "Where they begin again: committed, the offset that was reached; earliest; latest; or an offset")
      ->capture_default_str();
  c.add_flag(
      "--accept-gap", r.accept_gap,
      "Keeps the state: tasks whose input has been trimmed go on at the first offset that is there, and what "
      "is lost is counted");
  c.add_flag("--yes", r.yes, "Does it; without it, it is only told");
  c.footer(
      "All nodes must be stopped. A task's state, its epoch record and its committed offset change in one "
      "transaction.\n"
      "Exit status: 0 done, or nothing to do; 1 a node is in the group, no broker, or it failed; 2 usage, "
      "configuration,\nor --yes was not given.");
  c.callback([this, &status] {
    status = with_settings(config.sources(), [&](const settings& s) { return reset(s, resetting); });
  });
}

kafka_commands::kafka_commands() : arguments_(std::make_unique<arguments>()) {}
kafka_commands::~kafka_commands() = default;

void kafka_commands::add_to(CLI::App& app, int& status) {
  arguments_->add_tail(app, status);
  arguments_->add_dlq(app, status);
  arguments_->add_state(app, status);
  arguments_->add_members(app, status);
  arguments_->add_alerts(app, status);
  arguments_->add_explain(app, status);
  arguments_->add_drain(app, status);
  arguments_->add_reset(app, status);
}

}  // namespace weir
