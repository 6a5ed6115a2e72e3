#include "tools/bench/peers/loadgen/visits.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>

namespace weir::peers {

namespace {

constexpr double mean_events = 15, mean_gap_s = 20, timeout_s = 1800;
constexpr long comes_back_ms = 2'400'000, day_ms = 86'400'000;

enum kind { page_view, click, scroll, form_submit, video_play, custom_event };
enum fault { none = -1, no_id, unknown_type, bad_time, no_page, truncated };

const char* const types[] = {"page_view", "click", "scroll", "form_submit", "video_play", "custom_event"};
const char* const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"};
const char* const screens[] = {"1920x1080", "1440x900", "390x844", "412x915", "2560x1440"};
const char* const referrers[] = {"",
                                 "https://www.google.com/",
                                 "https://www.bing.com/search?q=virtual+tour",
                                 "https://www.facebook.com/",
                                 "https://news.example.net/articles/2026/tours",
                                 "https://mail.google.com/mail/u/0/"};
const char* const campaigns[] = {"", "utm_source=google&utm_medium=cpc&utm_campaign=spring",
                                 "utm_source=newsletter&utm_medium=email&utm_campaign=weekly"};
const char* const sections[] = {"products", "blog", "docs", "tours", "help"};

std::string rfc3339(long ms) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)),
                     ms % 1000);
}

void add_text(std::string& to, const char* name, const std::string& value) {
  fmt::format_to(std::back_inserter(to), R"({}"{}":"{}")", to.size() > 1 ? "," : "", name, value);
}

void add_number(std::string& to, const char* name, long value) {
  fmt::format_to(std::back_inserter(to), R"(,"{}":{})", name, value);
}

}  // namespace

std::uint64_t visit_random::next() {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t visit_random::below(std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64);
}

double visit_random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

int visit_random::skewed(int n) {
  return std::min(n - 1, static_cast<int>(std::exp(unit() * std::log(n + 1.0)) - 1));
}

visits::visits(const visit_options& o)
    : options_(o), random_{static_cast<std::uint64_t>(o.seed) * 0x2545f4914f6cdd1d + 1} {
  const double arrivals = static_cast<double>(o.sessions) / (timeout_s + mean_events * mean_gap_s);
  const double rate = o.event_rate > 0 ? o.event_rate : arrivals * mean_events;
  step_ms_ = 1000.0 / rate;
  slots_.resize(static_cast<std::size_t>(std::max(1L, std::lround(rate * mean_gap_s))));
  for (auto& v : slots_) v = open(o.start_ms);
}

void visits::next(visit_record& out) {
  now_ = static_cast<double>(options_.start_ms) + step_ms_ * static_cast<double>(index_++);
  const auto now = static_cast<long>(now_);
  if (!repeats_.empty() && repeats_.top().due <= now_) {
    out = repeats_.top().record;
    out.at_ms = now;
    repeats_.pop();
    ++counts_.duplicates;
    return;
  }
  auto& v = slots_[random_.below(slots_.size())];
  const long delay = jitter();
  const bool bad = random_.unit() < options_.malformed;
  write(out, v, now - delay, bad);
  out.at_ms = now;
  ++(bad ? counts_.malformed : counts_.valid);
  if (!bad && random_.unit() < options_.duplicates) {
    const auto latest = static_cast<double>(options_.jitter_ms - delay);
    repeats_.push({now_ + step_ms_ + random_.unit() * latest, index_, out});
  }
  if (!bad) ++v.valid;
  if (random_.unit() < 1 / mean_events) {
    close(v);
    ended_.emplace_back(now, v);
    v = open(now);
  }
}

void visits::finish() {
  for (const auto& v : slots_) close(v);
}

visit_record visits::trailer(int partition) {
  visit v;
  v.id = 0xffffffffffff0000 + static_cast<std::uint64_t>(partition);
  visit_record out;
  out.at_ms = static_cast<long>(now_) + day_ms;
  write(out, v, out.at_ms, false);
  return out;
}

long visits::jitter() {
  const double u = random_.unit();
  const double span = u < 0.8 ? 0.01 : u < 0.98 ? 0.2 : 1;  // most within 200 ms, few up to the limit
  return static_cast<long>(random_.unit() * span * static_cast<double>(options_.jitter_ms));
}

visits::visit visits::open(long at) {
  if (!ended_.empty() && ended_.front().first + comes_back_ms < at) {
    const bool comes_back = random_.unit() < 0.01;
    auto v = ended_.front().second;
    ended_.pop_front();
    if (comes_back) {
      v.seen = v.valid = 0;
      return v;
    }
  }
  visit v;
  v.id = random_.next() >> 16;
  v.visitor = random_.below(static_cast<std::uint64_t>(options_.sessions) * 4);
  v.site = random_.skewed(options_.sites);
  v.page = random_.skewed(options_.pages);
  v.agent = static_cast<int>(random_.below(std::size(agents)));
  v.campaign = random_.unit() < 0.1 ? 1 + static_cast<int>(random_.below(2)) : 0;
  v.ip = static_cast<std::uint32_t>(random_.next());
  return v;
}

void visits::close(const visit& v) {
  if (v.valid) ++counts_.sessions;
}

void visits::write(visit_record& out, visit& v, long timestamp, bool bad) {
  out.key = fmt::format("{:08x}-{:04x}-4{:03x}", v.id >> 16 & 0xffffffff, v.id & 0xffff, v.id >> 48 & 0xfff);
  const int type = v.seen == 0 ? page_view : pick_type();
  if (type == page_view && v.seen) v.page = random_.skewed(options_.pages);
  int wrong = bad ? static_cast<int>(random_.below(5)) : none;
  if (wrong == no_page && type == custom_event) wrong = no_id;  // a custom event needs no page
  const auto a = random_.next(), b = random_.next();
  const auto site = fmt::format("site-{}", v.site);
  const auto home = fmt::format("https://www.{}.example.com/", site);
  auto url = fmt::format("{}{}/item-{}", home, sections[v.page % 5], v.page);
  if (v.seen == 0 && v.campaign) url += fmt::format("?{}", campaigns[v.campaign]);

  auto& to = out.value;
  to.clear();
  to += '{';
  if (wrong != no_id)
    add_text(to, "event_id",
             fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", a >> 32, a >> 16 & 0xffff, a & 0xfff,
                         b >> 52, b & 0xffffffffffff));
  add_text(to, "event_type", wrong == unknown_type ? "page_vew" : types[type]);
  add_text(to, "timestamp", wrong == bad_time ? "yesterday" : rfc3339(timestamp));
  add_text(to, "session_id", out.key);
  add_text(to, "visitor_id", fmt::format("v-{:010x}", v.visitor * 0x9e3779b1 & 0xffffffffff));
  add_text(to, "site_id", site);
  if (wrong != no_page) add_text(to, "page_url", url);
  add_text(to, "page_title", fmt::format("Item {} - a page with a fairly long title | {}", v.page, site));
  add_text(to, "referrer", v.seen ? home : referrers[v.id % std::size(referrers)]);
  add_text(to, "user_agent", agents[v.agent]);
  add_text(to, "ip_address",
           fmt::format("{}.{}.{}.{}", 1 + (v.ip >> 24) % 220, v.ip >> 16 & 255, v.ip >> 8 & 255, v.ip & 255));
  if (type == page_view)
    add_number(to, "page_load_time_ms", 100 + static_cast<long>(std::exp(random_.unit() * 8)));
  add_text(to, "screen_resolution", screens[v.agent]);
  if (type == click) add_text(to, "element_id", fmt::format("btn-{}", random_.below(40)));
  if (type == scroll) add_number(to, "scroll_depth", static_cast<long>(random_.below(101)));
  if (type == form_submit) to += R"(,"form_id":"contact","form_success":true)";
  if (type == video_play) add_text(to, "video_id", fmt::format("intro-{}", random_.below(9)));
  if (type == custom_event) add_text(to, "event_name", "add_to_cart");
  to += fmt::format(
      R"(,"properties":{{"experiment":"exp-{}","variant":"b","logged_in":false,"sequence":{}}}}})", v.id % 7,
      v.seen);
  if (wrong == truncated) to.resize(to.size() / 2);
  ++v.seen;
}

int visits::pick_type() {
  const double u = random_.unit();
  return u < 0.42   ? page_view
         : u < 0.70 ? click
         : u < 0.92 ? scroll
         : u < 0.95 ? form_submit
         : u < 0.97 ? video_play
                    : custom_event;
}

}  // namespace weir::peers
