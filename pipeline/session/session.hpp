#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/event/bot_signal.hpp"

namespace weir {

/// A place in the order of a session's events: by time, ties by partition order.
struct moment {
  std::int64_t time = 0;
  std::int64_t offset = 0;
  auto operator<=>(const moment&) const = default;
};

/// Texts that a session keeps are cut to so many bytes, at a code point: no path of a URL is longer.
inline constexpr std::size_t text_kept = 8192;
std::string_view kept_part(std::string_view text);

/// A text of the earliest event that carries one.
struct carried {
  moment at;
  std::string value;  // empty: none yet
  /// Takes the text if it is there and earlier than what is held. Returns whether it did.
  bool offer(moment when, std::string_view text);
  void offer(const carried& x) { offer(x.at, x.value); }
  bool operator==(const carried&) const = default;
};

/// Scalars that a session takes from its earliest event that carries them.
enum class scalar : std::uint8_t { user_id, visitor_id, device_type, browser, os, country, region, count_ };
inline constexpr auto scalars = static_cast<std::size_t>(scalar::count_);

/// One page view, in the order of time.
struct viewed_page {
  moment at;
  std::string path;
  bool operator==(const viewed_page&) const = default;
};

/// What a session did on one path: over its page views and scrolls.
struct path_stats {
  std::string path;
  std::int64_t first_offset = 0;  // of the event that named it first
  std::uint32_t views = 0;
  double deepest_scroll = -1;  // -1: no scroll
  bool operator==(const path_stats&) const = default;
};

/// A hit of one or more steps of one funnel.
struct funnel_hit {
  moment at;
  std::uint16_t funnel = 0;  // index in the configuration
  std::uint32_t steps = 0;   // bit n: it meets step n (from 0)
  auto operator<=>(const funnel_hit&) const = default;
};

/// Where a session came from. sessions.md, "Traffic source".
struct traffic {
  std::string source, medium, campaign, term;
  bool operator==(const traffic&) const = default;
};

/// What decides the traffic source, best first: a page view that is neither direct nor dark; session_start's
/// claim; the first page view, which is then direct or dark. Of one rank the earliest decides, so the best is
/// all that is kept.
enum class traffic_rank : std::uint8_t { page_view, session_start, first_view, count_ };
struct traffic_evidence {
  traffic_rank rank = traffic_rank::first_view;
  moment at;
  traffic found;
  bool operator==(const traffic_evidence&) const = default;
};

inline constexpr std::size_t pages_published = 200;
inline constexpr std::size_t paths_kept = 200;
inline constexpr std::size_t hits_kept = 1000;
inline constexpr std::size_t funnel_steps_kept = 32;  // of one funnel: the bits of funnel_hit::steps

/// The first page views in partition order: what the signal `burst` goes by.
struct first_views {
  std::array<moment, 3> at{};  // by offset
  std::uint8_t count = 0;
  /// Takes a view that is among the first.
  void offer(const moment& view);
  bool operator==(const first_views&) const = default;
};

/// When a session was, and how it stands: all that its timers need.
struct session_times {
  std::int64_t opened_at = 0;  // time of the event that opened it: the last part of its key
  std::int64_t first = 0;
  std::int64_t last = 0;

  bool has_end = false;  // holds a session_end
  bool full = false;     // closed by max_duration
  bool closed = false;   // published and counted
  bool bot = false;      // judged one, for good: nothing but bot counts is sent of it
  bool operator==(const session_times&) const = default;
};

/// One session. sessions.md, "Session" and "What a session carries".
struct session : session_times {
  std::uint32_t revision = 0;  // of its last publication; 0: not published yet

  std::uint32_t events = 0;
  std::uint32_t page_views = 0;
  std::uint32_t clicks = 0;
  std::uint32_t scrolls = 0;
  std::uint32_t form_starts = 0;
  std::uint32_t form_submits = 0;
  std::uint32_t form_successes = 0;
  std::uint32_t video_plays = 0;
  std::uint32_t custom_events = 0;
  std::uint32_t duplicates = 0;
  std::uint32_t late = 0;
  std::uint64_t quality_sum = 0;  // hundredths, over its events
  std::int64_t revenue = 0;       // 10^-6 of the site's currency
  std::uint32_t other_currency = 0;
  double max_scroll_depth = -1;  // -1: no scroll

  std::uint32_t minute_events = 0;  // in the UTC minute of its newest event
  signal_set bot_reasons = 0;       // signals that hold or held
  first_views views;

  std::vector<carried> scalar_values;  // by `scalar`; empty until one is carried
  carried referrer_host;               // of the first page view by time whose referrer is not our own
  std::optional<traffic_evidence> evidence;
  std::vector<viewed_page> pages;    // the first pages_published + 1 by time
  std::optional<viewed_page> exit;   // the last page view by time
  std::vector<path_stats> paths;     // the first paths_kept that were named, in partition order
  std::vector<std::uint16_t> goals;  // indices of goals met, ascending
  std::vector<funnel_hit> hits;      // the first hits_kept by time

  std::string_view scalar_value(scalar s) const {
    const auto i = static_cast<std::size_t>(s);
    return i < scalar_values.size() ? std::string_view(scalar_values[i].value) : std::string_view{};
  }
  std::int64_t duration() const { return last - first; }
  bool bounced() const { return page_views == 1; }
  /// Its traffic source: (direct) when nothing tells.
  const traffic& came_from() const;
  /// Milliseconds from pages[i], i < pages_published, to the next view; of the last view, to the session's
  /// last event.
  std::int64_t time_on_page(std::size_t i) const;
  bool operator==(const session&) const = default;
  bool engaged() const { return duration() > 10'000 || page_views >= 2 || !goals.empty(); }
};

}  // namespace weir
