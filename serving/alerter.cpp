#include "serving/alerter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "state/log/kafka_cluster.hpp"
#include "state/log/kafka_reader.hpp"
#include "state/log/kafka_seat.hpp"
#include "state/log/kafka_sender.hpp"
#include "state/log/topic_of.hpp"
#include "state/log/weir_topics.hpp"

namespace weir {

namespace {

constexpr int poll_ms = 50;
constexpr std::int64_t judge_interval = 1'000;  // milliseconds
constexpr std::chrono::seconds patience(5);     // after trouble

/// The work of the one that holds the seat.
class duty {
 public:
  duty(const alerter::options& o)
      : options_(o),
        cluster_(o.kafka),
        topic_(broker_topic(o.kafka, std::string(alerts_topic))),
        sender_(o.kafka, o.kafka.group + "-alerts"),
        desk_(o.rules) {
    restore();
    for (const auto fam : families_asked()) {
      const auto topic = broker_topic(o.kafka, gold_topic(fam));
      gold_.push_back(std::make_unique<kafka_reader>(o.kafka, topic, beginning(topic), true));
    }
    if (!o.notify.url.empty()) open_webhook();
  }

  void work() {
    bool all = true;
    for (auto& reader : gold_) {
      reader->poll(poll_ms, [this](const kafka_record& r) { return take(r), true; });
      all = all && reader->at_end();
    }
    seen_all_ = seen_all_ || all;
    const auto now = options_.now();
    if (!seen_all_ || now - judged_at_ < judge_interval) return;
    judged_at_ = now;
    tell(desk_.judge(now));
    note_delivered();
  }

 private:
  /// Those of the rules, and a site's records, which tell the watermark when no other record comes.
  std::set<family> families_asked() const {
    std::set<family> all{family::site};
    for (const auto& rule : options_.rules) all.insert(rule.fam);
    return all;
  }

  std::vector<kafka_reader::start> beginning(const std::string& topic) {
    std::vector<kafka_reader::start> from;
    for (std::int32_t p = 0, count = cluster_.partitions(topic); p < count; ++p)
      from.push_back({p, cluster_.offsets(topic, p).first});
    if (from.empty()) throw kafka_error("there is no topic " + topic);
    return from;
  }

  /// What has been told, and what the webhook has not heard of.
  void restore() {
    kafka_reader reader(options_.kafka, topic_, beginning(topic_), true);
    while (!reader.at_end())
      reader.poll(poll_ms, [this](const kafka_record& r) {
        const auto change = r.value ? read_alert_change(*r.value) : std::nullopt;
        if (change) last_[std::string(r.key)] = *change;
        return true;
      });
    for (const auto& [_, change] : last_) desk_.restore(change);
  }

  void open_webhook() {
    webhook_.emplace(options_.notify);
    for (const auto& [_, change] : last_)
      if (!change.delivered) post(change);
  }

  void post(const alert_change& change) {
    std::string body;
    write_alert_change(change, body);
    webhook_->post(fmt::format("{}@{}{}", name_of(change), change.firing ? "fired" : "resolved",
                               change.firing ? change.fired_at : change.resolved_at),
                   std::move(body));
    posted_.push_back(change);
  }

  void take(const kafka_record& r) {
    if (!r.value) return;
    if (const auto sample = samples_.read(*r.value)) desk_.take(*sample);
  }

  void write(const std::vector<alert_change>& changes) {
    if (changes.empty()) return;
    sender_.begin();
    std::string value;
    for (const auto& change : changes) {
      value.clear();
      write_alert_change(change, value);
      sender_.send(topic_, 0, name_of(change), value);
    }
    sender_.commit();
    for (const auto& change : changes) last_[name_of(change)] = change;
  }

  void tell(std::vector<alert_change> changes) {
    for (auto& change : changes) change.delivered = !webhook_;
    write(changes);
    for (const auto& change : changes) {
      options_.told(change);
      if (webhook_) post(change);
    }
  }

  /// The webhook takes one after the other: what is done is what was posted first.
  void note_delivered() {
    if (!webhook_) return;
    std::vector<alert_change> done;
    for (std::size_t i = webhook_->done().size(); i > 0; --i) {
      auto change = std::move(posted_.front());
      posted_.pop_front();
      const auto& last = last_[name_of(change)];
      if (last.firing != change.firing || last.fired_at != change.fired_at) continue;  // there is a newer one
      change.delivered = true;
      done.push_back(std::move(change));
    }
    write(done);
  }

  const alerter::options& options_;
  kafka_cluster cluster_;
  const std::string topic_;
  kafka_sender sender_;
  alert_desk desk_;
  gold_sample_reader samples_;
  std::vector<std::unique_ptr<kafka_reader>> gold_;
  std::map<std::string, alert_change> last_;  // by name
  std::deque<alert_change> posted_;
  std::optional<webhook> webhook_;
  bool seen_all_ = false;
  std::int64_t judged_at_ = 0;
};

}  // namespace

alerter::alerter(options o)
    : options_(std::move(o)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

alerter::~alerter() = default;

void alerter::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      kafka_seat seat(options_.kafka, options_.kafka.group + "-alerts",
                      broker_topic(options_.kafka, std::string(alerts_topic)));
      std::optional<duty> work;
      while (!stop.stop_requested()) {
        if (!seat.poll(work ? 0 : poll_ms)) {
          work.reset();
          continue;
        }
        if (!work) work.emplace(options_);
        work->work();
      }
    } catch (const std::exception& x) {
      options_.warn(fmt::format("alerts: {}", x.what()));
      const auto until = std::chrono::steady_clock::now() + patience;
      while (!stop.stop_requested() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
    }
  }
}

}  // namespace weir
