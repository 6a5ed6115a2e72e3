#include "tools/generate/behaviour.hpp"

#include <algorithm>

#include "tools/generate/catalog.hpp"

namespace weir {
namespace {

/// Geometric: after each event the visitor leaves with the same chance.
std::uint32_t length(random_source& random) {
  const auto more = std::log1p(-random.unit()) / std::log1p(-1 / mean_visit_events);
  return 1 + static_cast<std::uint32_t>(std::min(more, 1000.0));
}

constexpr double accounts = 0.2;  // share of the visitors who have one

bool has_account(const visit& who) { return random_source(who.visitor).chance(accounts); }

}  // namespace

behaviour::behaviour(const traffic_options& options)
    : visitors_(std::max<std::uint64_t>(1, options.sessions * 4)), options_(options) {}

visit behaviour::enter(random_source& random) const {
  visit who;
  who.id = random.next();
  who.visitor = static_cast<std::uint32_t>(random.below(visitors_));
  who.site = static_cast<std::uint32_t>(random.skewed(options_.sites));
  who.page = static_cast<std::uint32_t>(random.skewed(options_.pages));
  who.left = length(random);
  who.referrer = static_cast<std::uint8_t>(random.below(referrers().size()));
  who.campaign = random.chance(0.12) ? static_cast<std::uint8_t>(random.below(campaigns().size())) : 0;
  who.derived = random.chance(options_.derived);
  who.framed = who.left > 2 && !who.derived && random.chance(0.3);
  who.returns = random.chance(options_.returning);
  return who;
}

void behaviour::come_back(visit& who, random_source& random) {
  who.left = length(random);
  who.returns = false;
  who.framed = false;
  who.form_open = false;
}

// Some pauses are long: 2 to 15 minutes. The others are such that the mean of all holds.
constexpr double rarely = 0.01;
constexpr double shortest_pause = 120'000, longest_pause = 900'000;
constexpr double mean_pause = (shortest_pause + longest_pause) / 2;
constexpr double mean_moment = (mean_think_time - rarely * mean_pause) / (1 - rarely);

std::int64_t behaviour::think(random_source& random) {
  if (!random.chance(rarely)) return 1 + static_cast<std::int64_t>(random.exponential(mean_moment));
  return static_cast<std::int64_t>(shortest_pause + random.unit() * (longest_pause - shortest_pause));
}

std::int64_t behaviour::think_on(random_source& random) {
  // Whoever looks in at some time meets long pauses more often than they are begun, and in their middle.
  if (!random.chance(rarely * mean_pause / mean_think_time))
    return static_cast<std::int64_t>(random.exponential(mean_moment));
  const auto low = shortest_pause * shortest_pause, high = longest_pause * longest_pause;
  return static_cast<std::int64_t>(random.unit() * std::sqrt(low + random.unit() * (high - low)));
}

happening behaviour::act(visit& who, random_source& random) const {
  happening event;
  event.what = choose(who, random);
  if (event.what == action::form_submit) event.what = fill_form(who, event.success, random);
  if (event.what == action::page_view && who.stage == shopping::looking && who.seen > 1)
    who.page = static_cast<std::uint32_t>(random.skewed(options_.pages));
  event.seed = random.next();
  event.who = who;
  ++who.seen;
  --who.left;
  return event;
}

action behaviour::choose(visit& who, random_source& random) const {
  if (who.seen == 0) return who.framed ? action::session_start : action::page_view;
  if (who.seen == 1 && who.framed) return action::page_view;
  if (who.left == 1 && who.framed) return action::session_end;
  if (!who.identified && who.seen > 2 && random.chance(0.3) && has_account(who)) {
    who.identified = true;
    return action::identify;
  }
  if (who.form_open) return action::form_submit;
  if (who.signup_due) {
    who.signup_due = false;
    return action::signup;
  }
  if (who.stage != shopping::looking && who.stage != shopping::bought) return shop(who, random);
  return browse(who, random);
}

/// One step on, or a change of mind.
action behaviour::shop(visit& who, random_source& random) const {
  if (!random.chance(0.6)) {
    who.stage = shopping::looking;
    return browse(who, random);
  }
  who.stage = static_cast<shopping>(static_cast<int>(who.stage) + 1);
  return who.stage == shopping::bought ? action::purchase : action::page_view;
}

action behaviour::browse(visit& who, random_source& random) const {
  const auto x = random.unit();
  if (x < 0.45) {
    who.stage = shopping::looking;
    return action::page_view;
  }
  if (x < 0.68) return action::click;
  if (x < 0.88) return action::scroll;
  if (x < 0.91) return action::video_play;
  if (x < 0.93) return action::search;
  if (x < 0.97) {
    who.stage = shopping::wants;
    return action::add_to_cart;
  }
  who.form = static_cast<std::uint8_t>(random.below(forms().size()));
  who.form_open = true;
  return action::form_start;
}

/// Most forms that were started are sent, most that are sent succeed; a failed one is tried again.
action behaviour::fill_form(visit& who, bool& success, random_source& random) const {
  if (!random.chance(0.75)) {
    who.form_open = false;
    return browse(who, random);
  }
  success = random.chance(0.85);
  who.form_open = !success;
  who.signup_due = success && forms()[who.form] == "signup";
  return action::form_submit;
}

}  // namespace weir
