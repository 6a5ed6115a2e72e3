#include "tools/bots_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>

#include "config/enrichment_files.hpp"
#include "config/error.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/enrich/agent_matcher.hpp"
#include "pipeline/enrich/bot_agents.hpp"
#include "pipeline/event/log_line.hpp"
#include "tools/config_arguments.hpp"
#include "tools/decode/json_fields.hpp"
#include "tools/line_source.hpp"

namespace weir {

namespace {

constexpr std::size_t longest_line = 1 << 20;
constexpr std::size_t lines_at_a_time = 1000;

/// What an agent alone tells of a session.
struct explanation {
  std::string agent;
  signal_set signals = 0;
  std::int64_t score = 0;  // 10^-6
  bool bot = false;
  std::vector<std::string_view> patterns, names;  // by which it is a crawler's, a headless browser's
  agent_facts facts;
};

class explainer {
 public:
  explicit explainer(const settings& s) : rules_(make_rules(s).bots), data_(enrichment_files(s).current()) {}

  explanation explain(std::string agent) const {
    explanation x;
    x.patterns = data_->bots->crawler_patterns(agent);
    x.names = data_->bots->headless_names(agent);
    if (agent.empty()) x.signals |= set_of(bot_signal::empty_agent);
    if (!x.patterns.empty()) x.signals |= set_of(bot_signal::crawler);
    if (!x.names.empty()) x.signals |= set_of(bot_signal::headless);
    x.score = rules_.score(x.signals);
    x.bot = x.score >= rules_.threshold;
    x.facts = data_->agents->facts(agent);
    x.agent = std::move(agent);
    return x;
  }
  const bot_rules& rules() const { return rules_; }

 private:
  bot_rules rules_;
  shared_enrichment data_;
};

double whole(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

std::string named(const std::string& name, const std::string& version) {
  return name.empty() ? "-" : version.empty() ? name : name + " " + version;
}

void write_json(const explanation& x, std::ostream& out) {
  std::string text;
  json_writer to(text);
  to.begin_object().field("user_agent", x.agent).field("is_bot", x.bot).name("bot_score").micros(x.score);
  to.name("bot_reasons").raw(json_of(x.signals)).name("patterns").begin_array();
  for (const auto pattern : x.patterns) to.value(pattern);
  for (const auto name : x.names) to.value(name);
  to.end_array();
  to.optional("device_type", x.facts.device_type).optional("browser", x.facts.browser);
  to.optional("browser_version", x.facts.browser_version).optional("os", x.facts.os);
  to.optional("os_version", x.facts.os_version).optional("device_brand", x.facts.device_brand);
  to.optional("device_model", x.facts.device_model);
  to.end_object();
  out << text << '\n';
}

/// A few lines on one agent, for people.
void write_text(const explanation& x, const bot_rules& rules, std::ostream& out) {
  out << fmt::format("verdict   {}: {} of {}\n", x.bot ? "bot" : "no bot by its agent", whole(x.score),
                     whole(rules.threshold));
  const auto reason = [&](bot_signal signal, const std::string& why) {
    out << fmt::format("reason    {} ({}){}\n", to_string(signal),
                       whole(rules.weights[static_cast<std::size_t>(signal)]), why);
  };
  for (const auto pattern : x.patterns) reason(bot_signal::crawler, fmt::format(": it matches {}", pattern));
  for (const auto name : x.names) reason(bot_signal::headless, fmt::format(": it contains {}", name));
  if (x.agent.empty()) reason(bot_signal::empty_agent, "");
  const auto& f = x.facts;
  out << fmt::format("device    {}\nbrowser   {}\nos        {}\n",
                     f.device_type.empty()
                         ? "-"
                         : f.device_type + (f.device_brand.empty() ? "" : ", " + f.device_brand) +
                               (f.device_model.empty() ? "" : " " + f.device_model),
                     named(f.browser, f.browser_version), named(f.os, f.os_version));
  if (!x.bot)
    out << "A session may still be a bot's by its events: rate, burst and no_interaction are not an "
           "agent's.\n";
}

std::string reasons(const explanation& x) {
  std::string text;
  for (std::size_t i = 0; i < bot_signals; ++i)
    if (const auto signal = static_cast<bot_signal>(i); contains(x.signals, signal))
      text.append(text.empty() ? "" : ",").append(to_string(signal));
  return text.empty() ? "-" : text;
}

/// The agent that a line is about: that of an event, of a line of an access log, or the line itself. None of
/// an event without one.
std::optional<std::string> agent_in(std::string_view line, json_fields& fields) {
  if (line.starts_with('{') && fields.parse(line)) {
    auto agent = fields.at("user_agent");
    return agent == "null" ? std::nullopt : agent;
  }
  const auto parts = parse_log_line(line);
  if (!parts) return std::string(line);
  if (!parts->agent) return std::nullopt;
  return std::string(*parts->agent == "-" ? "" : *parts->agent);
}

struct tally {
  std::uint64_t lines = 0, without = 0;
  std::map<std::string, std::uint64_t> agents;  // lines of each
};

tally read_agents(const std::string& file) {
  line_source lines(file, longest_line, 0);
  json_fields fields;
  tally read;
  while (const auto chunk = lines.next(lines_at_a_time))
    for (const auto& record : chunk->entries) {
      ++read.lines;
      auto line = chunk->value(record);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (const auto agent = agent_in(line, fields))
        ++read.agents[*agent];
      else
        ++read.without;
    }
  return read;
}

void explain_file(const explainer& by, const bots_explain_options& options, std::ostream& out) {
  const auto read = read_agents(options.what);
  std::uint64_t bots = 0, lines = 0;
  for (const auto& [agent, count] : read.agents) {
    const auto x = by.explain(agent);
    bots += x.bot, lines += x.bot ? count : 0;
    if (options.json)
      write_json(x, out);
    else
      out << fmt::format("{:3}  {:>7}  {:24}  {}\n", x.bot ? "bot" : "-", count, reasons(x),
                         x.agent.empty() ? "(empty)" : x.agent);
  }
  if (options.json) return;
  out << fmt::format("{} of {} agents are bots', with {} of {} lines; {} lines have no agent\n", bots,
                     read.agents.size(), lines, read.lines, read.without);
}

}  // namespace

int bots_explain(const settings& s, const bots_explain_options& options, std::ostream& out,
                 std::ostream& errors) {
  try {
    const explainer by(s);
    const bool file = options.file || options.what == "-" || std::filesystem::is_regular_file(options.what);
    if (file)
      explain_file(by, options, out);
    else if (const auto x = by.explain(options.what); options.json)
      write_json(x, out);
    else
      write_text(x, by.rules(), out);
    out.flush();
    return out ? 0 : 1;
  } catch (const config_error& x) {
    errors << "weir bots explain: " << x.what() << '\n';
    return 2;
  } catch (const std::exception& x) {
    errors << "weir bots explain: " << x.what() << '\n';
    return 1;
  }
}

void add_bots_command(CLI::App& app, int& status) {
  auto& bots = *app.add_subcommand("bots", "Says who is a bot");
  bots.require_subcommand(1);
  auto& c = *bots.add_subcommand(
      "explain", "Says of a user agent, or of each in a file, whether it is a bot's, and why");
  auto config = std::make_shared<config_arguments>();
  auto options = std::make_shared<bots_explain_options>();
  config->add_to(c);
  c.add_option(
       "AGENT|FILE", options->what,
       "A user agent; or a file of them, one a line, of events as JSON lines, or an access log; plain, "
       ".gz or .zst; `-` is standard input")
      ->required();
  c.add_flag("--file", options->file, "It is a file: fail if there is none of that name");
  c.add_flag("--json", options->json, "A line of JSON for each agent");
  c.footer(
      "By the lists and weights of the configuration. Only what an agent tells: rate, burst and "
      "no_interaction\n"
      "go by the events of a session.\n"
      "Exit status: 0 done, bot or not; 1 the file cannot be read; 2 usage, configuration or a list of it.");
  c.callback([&status, config, options] {
    status = with_settings(config->sources(), [&](const settings& s) { return bots_explain(s, *options); });
  });
}

}  // namespace weir
