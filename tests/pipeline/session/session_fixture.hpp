#pragma once

#include <simdjson.h>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"
#include "pipeline/session/key_state.hpp"

namespace weir::test {

inline constexpr std::int64_t second = 1000, minute = 60 * second, hour = 60 * minute;
inline constexpr std::int64_t noon = 1'704'110'400'000;  // 2024-01-01T12:00:00Z, the start of a window

/// Sums of contributions by family, window, key, kind, slot and value; what came to nothing is left out.
using tally = std::map<std::string, std::int64_t>;
tally tally_of(const contributions& c);

/// One record of weir.sessions: its key and its fields as compact JSON.
struct published {
  std::string key;
  std::map<std::string, std::string> fields;
  std::string operator[](const std::string& field) const;  // empty: absent
};

const traffic_sources& small_sources();

/// A session key and its partition: gives it events as a reader and an actor would.
class session_fixture {
 public:
  rules settings;
  key_state key;
  outbox records;
  contributions kpis;
  std::int64_t watermark = noon - hour;
  std::int64_t closing_clock = noon - hour;
  std::int64_t next_offset = 0;
  session_name name{"topic_web_events", "default", "s1"};
  effects out{records, kpis};

  /// No session is a bot: events a millisecond apart are all a test needs. `settings.bots = {}` finds them.
  session_fixture() {
    settings.silver = false;
    settings.bots.threshold = unlimited;
  }

  /// An event of this key with an id of its own; page events are on `path`.
  event make(event_type type, std::int64_t time, std::string_view path = "/");
  event view(std::int64_t time, std::string_view path = "/") {
    return make(event_type::page_view, time, path);
  }
  event custom(std::int64_t time, std::string_view name);
  /// A text that lives as long as this.
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  /// Gives it an event: as the reader stamps it. Returns false if it was too late.
  bool give(const event& e);
  bool give_view(std::int64_t time, std::string_view path = "/") { return give(view(time, path)); }
  /// Other keys' events move W on to so much.
  void pass(std::int64_t w);
  /// A commit moves C on to so much.
  void commit(std::int64_t c);

  const session& only() const { return key.sessions.at(0); }
  std::vector<published> sessions_published() const;
  published last_published() const { return sessions_published().at(sessions_published().size() - 1); }
  session_life life() const { return {settings, small_sources()}; }

 private:
  std::deque<std::string> texts_;
  int ids_ = 0;
};

}  // namespace weir::test
