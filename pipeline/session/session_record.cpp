#include "pipeline/session/session_record.hpp"

#include <algorithm>
#include <string>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/session/funnel_attempt.hpp"

namespace weir {

namespace {

constexpr std::size_t short_text = 256;

/// How much of a session a record shows.
struct extent {
  std::size_t pages = pages_published;
  std::size_t text = text_kept;
};

std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string_view close_reason(const session& s) {
  if (s.full) return "max_duration";
  return s.has_end ? "explicit" : "timeout";
}

/// One record's value.
class session_writer {
 public:
  session_writer(const session_name& name, const session& s, const rules& r, std::int32_t partition,
                 const extent& shown, std::string& out)
      : name_(name), s_(s), rules_(r), partition_(partition), shown_(shown), json_(out) {}

  void write(const withdrawal& why) {
    json_.begin_object();
    names();
    times_and_counts();
    pages();
    origin();
    outcome();
    judgement();
    state(why);
    json_.end_object();
  }

 private:
  void text(std::string_view field, std::string_view value) {
    json_.optional(field, cut(value, shown_.text));
  }
  void carried_text(std::string_view field, scalar which) { text(field, s_.scalar_value(which)); }

  void names() {
    json_.field("session_key", std::string_view(session_key(name_, s_)));
    json_.field("session_id", name_.session_id);
    json_.field("site_id", name_.site);
    json_.field("source_topic", name_.topic);
    json_.field("source_partition", partition_);
    carried_text("user_id", scalar::user_id);
    carried_text("visitor_id", scalar::visitor_id);
  }

  void times_and_counts() {
    json_.field("started_at", s_.first);
    json_.field("ended_at", s_.last);
    json_.field("duration_ms", s_.duration());
    json_.field("events", s_.events);
    json_.field("page_views", s_.page_views);
    json_.field("unique_pages", static_cast<std::uint64_t>(s_.paths.size()));
    json_.field("clicks", s_.clicks);
    json_.field("scrolls", s_.scrolls);
    json_.field("form_starts", s_.form_starts);
    json_.field("form_submits", s_.form_submits);
    json_.field("form_successes", s_.form_successes);
    json_.field("video_plays", s_.video_plays);
    json_.field("custom_events", s_.custom_events);
    if (s_.max_scroll_depth >= 0) json_.field("max_scroll_depth", s_.max_scroll_depth);
  }

  void pages() {
    if (!s_.pages.empty()) text("entry_page", s_.pages.front().path);
    if (s_.exit) text("exit_page", s_.exit->path);
    const auto all = std::min(s_.pages.size(), pages_published);
    const auto shown = std::min(all, shown_.pages);
    json_.name("pages").begin_array();
    for (std::size_t i = 0; i < shown; ++i) page(i);
    json_.end_array();
    if (shown < all) json_.field("pages_truncated", true);
    if (all > 0) json_.field("longest_on_page_ms", longest_on_page(all));
  }

  /// Of all views, whether they are shown or not: for the users stage.
  std::int64_t longest_on_page(std::size_t views) const {
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < views; ++i) longest = std::max(longest, s_.time_on_page(i));
    return longest;
  }

  void page(std::size_t i) {
    json_.begin_object();
    json_.field("path", cut(s_.pages[i].path, shown_.text));
    json_.field("at", s_.pages[i].at.time);
    json_.field("time_on_page_ms", s_.time_on_page(i));
    json_.end_object();
  }

  void origin() {
    const auto& from = s_.came_from();
    text("source", from.source);
    text("medium", from.medium);
    text("campaign", from.campaign);
    text("search_term", from.term);
    text("referrer_host", s_.referrer_host.value);
    carried_text("device_type", scalar::device_type);
    carried_text("browser", scalar::browser);
    carried_text("os", scalar::os);
    carried_text("country", scalar::country);
    carried_text("region", scalar::region);
  }

  void outcome() {
    json_.field("is_bounce", s_.bounced());
    json_.field("is_engaged", s_.engaged());
    json_.name("conversions").begin_array();
    for (const auto goal : s_.goals)
      if (goal < rules_.goals.size()) json_.value(rules_.goals[goal].id);
    json_.end_array();
    json_.name("revenue").micros(s_.revenue);
    if (s_.other_currency > 0) json_.field("other_currency", s_.other_currency);
    funnel_steps();
    user_funnel_hits();
    json_.field("quality_score", static_cast<double>(s_.quality_sum) / 100 / std::max(s_.events, 1U));
  }

  void funnel_steps() {
    json_.name("funnel_steps").begin_object();
    for (std::size_t i = 0; i < rules_.funnels.size() && !s_.hits.empty(); ++i) {
      const auto& f = rules_.funnels[i];
      if (f.scope != funnel::reach::session) continue;
      const auto reached = furthest_attempt(s_, static_cast<std::uint16_t>(i), f).reached;
      if (reached > 0) json_.escaped_name(f.id).value(reached);
    }
    json_.end_object();
  }

  /// What the users stage needs of funnels of scope user: it looks for attempts over a user's sessions.
  void user_funnel_hits() {
    const auto of_users = [this](const funnel_hit& hit) {
      return hit.funnel < rules_.funnels.size() && rules_.funnels[hit.funnel].scope == funnel::reach::user;
    };
    if (std::none_of(s_.hits.begin(), s_.hits.end(), of_users)) return;
    json_.name("user_funnel_hits").begin_array();
    for (const auto& hit : s_.hits)
      if (of_users(hit)) user_funnel_hit(hit);
    json_.end_array();
  }

  void user_funnel_hit(const funnel_hit& hit) {
    json_.begin_object().field("funnel", rules_.funnels[hit.funnel].id);
    json_.name("steps").begin_array();
    for (unsigned step = 0; step < funnel_steps_kept; ++step)
      if (hit.steps >> step & 1U) json_.value(step + 1);
    json_.end_array().field("at", hit.at.time).field("offset", hit.at.offset).end_object();
  }

  void judgement() {
    json_.field("is_bot", s_.bot);
    json_.name("bot_score").micros(rules_.bots.score(s_.bot_reasons));
    json_.name("bot_reasons").begin_array();
    for (std::size_t i = 0; i < bot_signals; ++i)
      if (const auto signal = static_cast<bot_signal>(i); contains(s_.bot_reasons, signal))
        json_.value(to_string(signal));
    json_.end_array();
  }

  void state(const withdrawal& why) {
    json_.field("duplicates", s_.duplicates);
    json_.field("late", s_.late);
    json_.field("close_reason", close_reason(s_));
    if (!why.merged_into.empty() || !why.moved_to.empty()) json_.field("withdrawn", true);
    json_.optional("merged_into", why.merged_into);
    json_.optional("moved_to", why.moved_to);
    json_.field("revision", s_.revision);
    if (shown_.text < text_kept) json_.field("texts_truncated", true);
  }

  const session_name& name_;
  const session& s_;
  const rules& rules_;
  const std::int32_t partition_;
  const extent shown_;
  json_writer json_;
};

}  // namespace

void put_session(const session_name& name, const session& s, const rules& r, const withdrawal& why,
                 std::string_view user, std::int32_t source, outbox& out) {
  std::string key;
  key.reserve(name.site.size() + 1 + user.size());
  key.append(name.site).append(1, '|').append(user);
  out.begin(output::sessions, -1, key, 0, source);
  const auto fits = [&](const extent& shown) {
    out.rewind();
    session_writer(name, s, r, source, shown, out.value()).write(why);
    return out.value_size() <= r.max_output_bytes;
  };
  extent shown;
  auto done = fits(shown);
  shown.pages = std::min(s.pages.size(), pages_published);
  while (!done && shown.pages > 0) {
    shown.pages /= 2;
    done = fits(shown);
  }
  if (!done) fits({0, short_text});
  out.end();
}

}  // namespace weir
