#include "config/schema.hpp"

#include "config/checks.hpp"

namespace weir::config {
namespace {

template <class Type, class Access>
field<settings> make(std::string name, Type type, std::string meaning, Access of) {
  return make_field<settings>(std::move(name), std::move(type), std::move(meaning), of);
}

// Gives a reference to a member, of a const owner to const.
#define MEMBER(path) \
  [](auto& s) -> auto& { return s.path; }

using fields = std::vector<field<settings>>;
using count = count_type<std::uint64_t>;
using small_count = count_type<unsigned>;

const text_type some_text{"a text, not empty", is_not_empty};
const text_type any_text{"a text"};
const duration_type duration{};
const duration_type positive_duration{1};
const duration_type duration_or_off{0, true};

void add_node(fields& out) {
  out.push_back(
      make("node.id", some_text, "Name of this node in its group; auto: the host's name", MEMBER(node.id)));
  out.push_back(make("node.lanes", small_count{1, 1024, true}, "Threads that process; auto: one a core",
                     MEMBER(node.lanes)));
  out.push_back(make("node.data_dir", some_text, "Folder of the node's own state", MEMBER(node.data_dir)));
  const enum_type<log_level> levels{{{"debug", log_level::debug},
                                     {"info", log_level::info},
                                     {"warning", log_level::warning},
                                     {"error", log_level::error}}};
  const enum_type<log_format> formats{
      {{"auto", log_format::automatic}, {"text", log_format::text}, {"json", log_format::json}}};
  out.push_back(make("logging.level", levels, "What is below it is not logged", MEMBER(logging.level)));
  out.push_back(make("logging.format", formats,
                     "Lines of text or of JSON; auto: text on a terminal, else JSON",
                     MEMBER(logging.format)));
}

void add_log(fields& out) {
  out.push_back(make("log.kind", choice_type{{"local", "kafka", "memory"}},
                     "Where records live: in files in node.data_dir, in Kafka, in memory", MEMBER(log.kind)));
  out.push_back(make("log.retention", duration_or_off,
                     "The local log drops records older than that, but what may have to be redone",
                     MEMBER(log.retention)));
  out.push_back(make("log.max_bytes", size_type{1 << 20},
                     "The local log drops its oldest records when it is larger on disk, but what may have to "
                     "be redone, and the last gold record of each key",
                     MEMBER(log.max_bytes)));
  out.push_back(make("kafka.brokers", some_text, "Bootstrap servers, host:port, separated by commas",
                     MEMBER(kafka.brokers)));
  out.push_back(make("kafka.group", some_text, "Consumer group of all nodes", MEMBER(kafka.group)));
  out.push_back(make("kafka.prefix", text_type{"letters, digits, `.`, `_`, `-`", is_topic_prefix},
                     "Stands before every weir topic, group and transactional id", MEMBER(kafka.prefix)));
  out.push_back(make("kafka.start", choice_type{{"earliest", "latest"}},
                     "Where a group that has never committed begins", MEMBER(kafka.start)));
  using properties = names_type<std::string, std::less<std::string>, text_type>;
  out.push_back(make("kafka.properties", properties{any_text, is_not_empty, "a property of librdkafka"},
                     "Any properties of librdkafka, as they are; ${env:NAME} and ${file:PATH} stand for what "
                     "a variable or a "
                     "file holds",
                     MEMBER(kafka.properties)));
}

void add_lane(fields& out) {
  out.push_back(make("http.listen", text_type{"host:port", is_address, true},
                     "Address of the HTTP server (metrics, health); port 0: any free", MEMBER(http.listen)));
  out.push_back(
      make("commit.interval", duration_type{1, true},
           "Outputs become visible this often; off: as the other limits and the end of input ask for",
           MEMBER(commit.interval)));
  out.push_back(make("commit.max_bytes", size_type{}, "Commits earlier when so many bytes of output wait",
                     MEMBER(commit.max_bytes)));
  out.push_back(make("commit.max_records", count{1}, "Commits earlier when so many records of output wait",
                     MEMBER(commit.max_records)));
  out.push_back(make("checkpoint.interval", duration_or_off,
                     "A changed key is written down within this time; 0: with every commit",
                     MEMBER(checkpoint.interval)));
  out.push_back(make("checkpoint.max_redo_bytes", size_type{},
                     "All changed keys are written down when so much input would have to be redone",
                     MEMBER(checkpoint.max_redo_bytes)));
}

void add_resources(fields& out) {
  out.push_back(make("memory.sessions", size_type{1 << 20},
                     "Budget of the node for live sessions and users; more of them spill",
                     MEMBER(memory.sessions)));
  out.push_back(make("memory.rocksdb", size_type{1 << 20},
                     "Budget of the node for RocksDB's caches and buffers", MEMBER(memory.rocksdb)));
  out.push_back(
      make("actors.max_live", count{1}, "Actors kept in memory by a lane", MEMBER(actors.max_live)));
  out.push_back(make("topics.partitions", small_count{1, 10'000},
                     "Partitions of weir's own topics when it creates them", MEMBER(topics.partitions)));
  out.push_back(
      make("output.max_bytes", size_type{1024}, "No record of output is larger", MEMBER(output.max_bytes)));
  out.push_back(
      make("output.silver", bool_type{}, "Publish every event to weir.events", MEMBER(output.silver)));
  out.push_back(
      make("state.format", small_count{1, 1}, "Format in which state is written", MEMBER(state.format)));
}

void add_time(fields& out) {
  out.push_back(make("time.max_out_of_orderness", duration,
                     "The watermark stays this far behind the highest event time",
                     MEMBER(time.max_out_of_orderness)));
  out.push_back(make("time.idle_timeout", duration_or_off,
                     "After so long without input the closing clock moves with the wall clock; off: never",
                     MEMBER(time.idle_timeout)));
  out.push_back(make("time.allowed_lateness", duration,
                     "Events later than this behind the watermark are too late",
                     MEMBER(time.allowed_lateness)));
  out.push_back(
      make("time.max_skew", duration_or_off,
           "While catching up a partition waits when it is this far ahead of the slowest; off: never",
           MEMBER(time.max_skew)));
  out.push_back(make("session.timeout", positive_duration, "A longer gap between events ends a session",
                     MEMBER(session.timeout)));
  out.push_back(make("session.max_duration", positive_duration, "No session lasts longer",
                     MEMBER(session.max_duration)));
  out.push_back(make("session.split_on_campaign", bool_type{}, "A new campaign begins a new session",
                     MEMBER(session.split_on_campaign)));
  out.push_back(make("late.max_delay", duration_or_off,
                     "Events this much older than their broker record are too late; off in replay",
                     MEMBER(late.max_delay)));
}

void add_validation(fields& out) {
  out.push_back(make("validation.max_future", duration_or_off,
                     "Events this much newer than their broker record are dead letters",
                     MEMBER(validation.max_future)));
  out.push_back(make("validation.max_age", duration_or_off,
                     "Events this much older than their broker record are dead letters",
                     MEMBER(validation.max_age)));
  out.push_back(make("validation.max_bytes", size_type{1, true}, "Larger records are dead letters",
                     MEMBER(validation.max_bytes)));
  out.push_back(make("validation.max_depth", small_count{1, 1024}, "JSON nested deeper is a dead letter",
                     MEMBER(validation.max_depth)));
}

void add_kpi(fields& out) {
  out.push_back(make("kpi.families", families_type{},
                     "Families of metrics that are computed: fewer cost less; the others' topics stay empty",
                     MEMBER(kpi.families)));
  out.push_back(make("kpi.max_keys", count{1},
                     "Keys of a site, family and window; the rest is counted as (other)",
                     MEMBER(kpi.max_keys)));
  out.push_back(make("kpi.shards", small_count{1, 4096},
                     "Parts into which the families with many keys are cut", MEMBER(kpi.shards)));
  out.push_back(make("kpi.publish_interval", duration,
                     "Open windows are published this often when they changed",
                     MEMBER(kpi.publish_interval)));
  out.push_back(make("kpi.site_publish_interval", duration, "The same for the family `site`",
                     MEMBER(kpi.site_publish_interval)));
  out.push_back(make("users.retention", positive_duration,
                     "Users are kept this long after they were last seen", MEMBER(users.retention)));
}

void add_enrichment(fields& out) {
  out.push_back(
      make("privacy.ip",
           enum_type<ip_privacy>{
               {{"keep", ip_privacy::keep}, {"truncate", ip_privacy::truncate}, {"drop", ip_privacy::drop}}},
           "What is written of addresses; truncate: IPv4 /24, IPv6 /48", MEMBER(privacy.ip)));
  out.push_back(make("privacy.hash_user_ids", text_type{"the file of a secret", nullptr, true},
                     "user_id and visitor_id are replaced by their HMAC-SHA-256 with the secret in this file",
                     MEMBER(privacy.hash_user_ids)));
  out.push_back(make("privacy.mask_pii", bool_type{},
                     "E-mail addresses, card and phone numbers in query strings and form fields are masked",
                     MEMBER(privacy.mask_pii)));
  out.push_back(make("geo.database", text_type{"a MaxMind DB file", nullptr, true},
                     "Gives country, region and city; read again when it changes", MEMBER(geo.database)));
}

void add_bots(fields& out) {
  const number_type weight{0};
  out.push_back(
      make("bots.threshold", weight, "Sum of weights from which a session is a bot", MEMBER(bots.threshold)));
  out.push_back(make("bots.max_events_per_minute", count{1}, "More events in a minute are the signal `rate`",
                     MEMBER(bots.max_events_per_minute)));
  out.push_back(
      make("bots.crawlers", some_text, "default, or a file of crawlers' patterns", MEMBER(bots.crawlers)));
  out.push_back(make("bots.extra_crawlers", text_type{"a file of crawlers' patterns", nullptr, true},
                     "Patterns beside those of bots.crawlers", MEMBER(bots.extra_crawlers)));
  out.push_back(
      make("bots.weights.crawler", weight, "The agent is a crawler's", MEMBER(bots.weights.crawler)));
  out.push_back(make("bots.weights.headless", weight, "The agent is a headless browser's",
                     MEMBER(bots.weights.headless)));
  out.push_back(make("bots.weights.empty_agent", weight, "An agent was sent, but empty",
                     MEMBER(bots.weights.empty_agent)));
  out.push_back(make("bots.weights.rate", weight, "Too many events in a minute", MEMBER(bots.weights.rate)));
  out.push_back(
      make("bots.weights.burst", weight, "The first page views came too fast", MEMBER(bots.weights.burst)));
  out.push_back(make("bots.weights.no_interaction", weight, "Ten page views and no interaction",
                     MEMBER(bots.weights.no_interaction)));
}

void add_replay(fields& out) {
  out.push_back(make("replay.now", time_type{},
                     "Record time of what is replayed; start: the wall clock at start", MEMBER(replay.now)));
  out.push_back(make("replay.source", some_text, "The source whose rules and topic replayed lines have",
                     MEMBER(replay.source)));
  out.push_back(make("replay.site_url", text_type{"empty, or an http(s) URL without a path", is_site_url},
                     "Stands before the targets of access logs", MEMBER(replay.site_url)));
  out.push_back(make("replay.site", text_type{"a site id", is_site_id}, "Site of the lines of access logs",
                     MEMBER(replay.site)));
  out.push_back(
      make("replay.batch", count{1, 1'000'000}, "Lines that are read at a time", MEMBER(replay.batch)));
  out.push_back(make("lists.referrers", some_text,
                     "default, or a folder with lists like config/data/referrers", MEMBER(lists.referrers)));
  out.push_back(make("lists.headless", some_text, "default, or a file of names of headless browsers",
                     MEMBER(lists.headless)));
  out.push_back(make("lists.user_agents", some_text,
                     "default, or a file of rules like uap-core's regexes.yaml", MEMBER(lists.user_agents)));
}

void add_entries(fields& out) {
  using sources = names_type<source_rules, std::less<>, record_type<source_rules>>;
  using sites = names_type<site_rules, std::less<>, record_type<site_rules>>;
  out.push_back(make("sources",
                     sources{{&source_fields()}, is_source_name, "a name of letters, digits, `.`, `_`, `-`"},
                     "The topics of events, by name", MEMBER(sources)));
  out.push_back(make("sites",
                     sites{{&site_fields()}, is_site_id, "a site id of letters, digits, `.`, `_`, `-`"},
                     "The sites, by site_id", MEMBER(sites)));
  out.push_back(make("goals", list_type<goal>{{&goal_fields(), {"id"}}}, "Conversions", MEMBER(goals)));
  out.push_back(
      make("funnels", list_type<funnel>{{&funnel_fields(), {"id", "steps"}}}, "Funnels", MEMBER(funnels)));
  out.push_back(make("alerts", list_type<alert>{{&alert_fields(), {"id"}}}, "Alerts", MEMBER(alerts)));
  out.push_back(make("webhook.url", text_type{"an http(s) URL", is_url, true},
                     "Alerts are posted here, as JSON, when they fire and when they are over",
                     MEMBER(webhook.url)));
  out.push_back(make("webhook.secret", text_type{"the file of a secret", nullptr, true},
                     "What is posted is signed with it: X-Weir-Signature, HMAC-SHA-256",
                     MEMBER(webhook.secret)));
}

#undef MEMBER

fields make_schema() {
  fields out;
  for (const auto add : {add_node, add_log, add_lane, add_resources, add_time, add_validation, add_kpi,
                         add_enrichment, add_bots, add_replay, add_entries})
    add(out);
  return out;
}

}  // namespace

const std::vector<field<settings>>& schema() {
  static const auto all = make_schema();
  return all;
}

}  // namespace weir::config
