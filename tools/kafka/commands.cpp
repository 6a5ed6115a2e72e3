#include "tools/kafka/commands.hpp"

#include <CLI/CLI.hpp>

#include "tools/config_arguments.hpp"
#include "tools/kafka/tail.hpp"

namespace weir {

struct kafka_commands::arguments {
  config_arguments config;  // of the one that runs
  tail_options tailing;

  void add_tail(CLI::App& app, int& status);
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

kafka_commands::kafka_commands() : arguments_(std::make_unique<arguments>()) {}
kafka_commands::~kafka_commands() = default;

void kafka_commands::add_to(CLI::App& app, int& status) { arguments_->add_tail(app, status); }

}  // namespace weir
