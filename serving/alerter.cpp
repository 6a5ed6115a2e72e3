#include "serving/alerter.hpp"

#include <fmt/format.h>

#include <chrono>
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
constexpr std::chrono::seconds judge_interval(1);
constexpr std::chrono::seconds patience(5);        // after trouble
constexpr std::chrono::seconds seat_patience(10);  // a rebalance takes the seat and mostly gives it back
constexpr std::int64_t late_gold = 86'400'000;     // milliseconds: what is older than its window by then

/// The node is to end.
struct stopped {};

/// The work of the one that holds the seat.
class duty {
 public:
  duty(const alerter::options& o, const std::stop_token& stop)
      : options_(o),
        stop_(stop),
        cluster_(o.kafka),
        topic_(alerts_topic),
        sender_(o.kafka, o.kafka.group + "-alerts"),
        desk_(o.rules, o.publish_interval) {
    restore();
    const auto since = o.now() - desk_.reach() - late_gold;
    for (const auto fam : families_asked()) {
      const auto topic = gold_topic(fam);
      gold_.push_back(std::make_unique<kafka_reader>(
          o.kafka, broker_topic(o.kafka, topic),
          starts(topic, [&](std::int32_t p) { return cluster_.offset_at(topic, p, since); }), true));
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
    const auto now = std::chrono::steady_clock::now();
    if (!seen_all_ || now - judged_at_ < judge_interval) return;
    judged_at_ = now;
    tell(desk_.judge(options_.now()));
    note_delivered();
  }

 private:
  /// Those of the rules, and a site's records, which tell the watermark when no other record comes.
  std::set<family> families_asked() const {
    std::set<family> all{family::site};
    for (const auto& rule : options_.rules) all.insert(rule.fam);
    return all;
  }

  template <class Offset>
  std::vector<kafka_reader::start> starts(const std::string& topic, Offset&& offset) {
    std::vector<kafka_reader::start> from;
    for (std::int32_t p = 0, count = cluster_.partitions(topic); p < count; ++p)
      from.push_back({p, offset(p)});
    if (from.empty()) throw kafka_error("there is no topic " + broker_topic(options_.kafka, topic));
    return from;
  }

  /// What has been told, and what the webhook has not heard of.
  void restore() {
    const auto first = [this](std::int32_t p) { return cluster_.offsets(topic_, p).first; };
    kafka_reader reader(options_.kafka, broker_topic(options_.kafka, topic_), starts(topic_, first), true);
    while (!reader.at_end()) {
      if (stop_.stop_requested()) throw stopped();
      reader.poll(poll_ms, [this](const kafka_record& r) {
        const auto change = r.value ? read_alert_change(*r.value) : std::nullopt;
        if (change) last_[std::string(r.key)] = *change;
        return true;
      });
    }
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
    auto name = fmt::format("{}@{}{}", name_of(change), change.firing ? "fired" : "resolved",
                            change.firing ? change.fired_at : change.resolved_at);
    webhook_->post(name, std::move(body));
    posted_.insert_or_assign(std::move(name), change);
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
      sender_.send(broker_topic(options_.kafka, topic_), 0, name_of(change), value);
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

  void note_delivered() {
    if (!webhook_) return;
    std::vector<alert_change> done;
    for (const auto& name : webhook_->delivered()) {
      auto change = std::move(posted_.extract(name).mapped());
      const auto& last = last_[name_of(change)];
      if (last.firing != change.firing || last.fired_at != change.fired_at) continue;  // there is a newer one
      change.delivered = true;
      done.push_back(std::move(change));
    }
    write(done);
  }

  const alerter::options& options_;
  const std::stop_token& stop_;
  kafka_cluster cluster_;
  const std::string topic_;
  kafka_sender sender_;
  alert_desk desk_;
  gold_sample_reader samples_;
  std::vector<std::unique_ptr<kafka_reader>> gold_;
  std::map<std::string, alert_change> last_;    // by name
  std::map<std::string, alert_change> posted_;  // by name of message; not delivered yet
  std::optional<webhook> webhook_;
  bool seen_all_ = false;
  std::chrono::steady_clock::time_point judged_at_ = {};
};

}  // namespace

alerter::alerter(options o)
    : options_(std::move(o)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

alerter::~alerter() = default;

/// Holds the seat as long as it can. Who has taken it meanwhile has shut our transactions out.
void alerter::serve(const std::stop_token& stop) {
  kafka_seat seat(options_.kafka, options_.kafka.group + "-alerts",
                  broker_topic(options_.kafka, std::string(alerts_topic)));
  std::optional<duty> work;
  auto held = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    if (seat.poll(work ? 0 : poll_ms)) {
      held = now;
      if (!work) work.emplace(options_, stop);
      work->work();
    } else if (work && now - held > seat_patience) {
      work.reset();
    } else if (work) {
      std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
    }
  }
}

void alerter::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      serve(stop);
    } catch (const stopped&) {
      return;
    } catch (const std::exception& x) {
      options_.warn(fmt::format("alerts: {}", x.what()));
      const auto until = std::chrono::steady_clock::now() + patience;
      while (!stop.stop_requested() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
    }
  }
}

}  // namespace weir
