// Random events under random clocks against a plain fold over the records: it knows no clock but W, closes
// nothing, forgets no session, and makes each session anew from its events.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "pipeline/event/device_type.hpp"
#include "pipeline/kpi/contribute.hpp"
#include "pipeline/session/session_record.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

struct item {
  event e;
  stamp at;
  bool bot = false;  // its session was one with it
  moment when() const { return {e.time, at.offset}; }
};

struct plain_session {
  std::int64_t opened = 0;
  std::vector<item> items;
  bool full = false;
  std::uint32_t duplicates = 0;
  bool bot = false;
  signal_set reasons = 0;

  std::int64_t first() const { return std::min_element(items.begin(), items.end(), by_time)->e.time; }
  std::int64_t last() const { return std::max_element(items.begin(), items.end(), by_time)->e.time; }
  bool has_end() const {
    return std::any_of(items.begin(), items.end(),
                       [](auto& x) { return x.e.type == event_type::session_end; });
  }
  std::int64_t distance(std::int64_t t) const { return std::max({first() - t, t - last(), std::int64_t{0}}); }
  std::uint64_t others() const {  // events that were no bot's when they came
    return static_cast<std::uint64_t>(
        std::count_if(items.begin(), items.end(), [](auto& x) { return !x.bot; }));
  }
  static bool by_time(const item& a, const item& b) { return a.when() < b.when(); }
};

struct silver_line {
  std::string id, key;
  bool late, bot;
  auto operator<=>(const silver_line&) const = default;
};

class plain_fold {
 public:
  plain_fold(const rules& r, const session_name& name) : rules_(r), name_(name) {}

  std::vector<plain_session> sessions;
  std::vector<silver_line> silver;
  std::map<std::int64_t, std::int64_t> merged;  // opened -> of the one that took it in
  contributions sums;
  std::uint64_t too_late = 0;

  void take(const event& e, std::int64_t offset) {
    const auto w = watermark_;
    const stamp at{offset, w, e.time, e.time};
    watermark_ = std::max(watermark_, e.time - rules_.time.max_out_of_orderness);
    if (e.time < w - rules_.time.allowed_lateness) return void(++too_late);
    const std::string id(e[text::event_id]);
    const auto seen = ids_.find(id);
    if (seen != ids_.end() && seen->second >= w - rules_.time.allowed_lateness) return duplicate(e, at);
    ids_[id] = e.time;
    join({e, at});
  }

 private:
  void duplicate(const event& e, const stamp& at) {
    contribute_duplicate(name_.topic, at, sums);
    auto near = fitting(e.time);
    if (near.empty()) return;
    sort_by_distance(near, e.time);
    ++sessions[near[0]].duplicates;
  }

  std::vector<std::size_t> fitting(std::int64_t t) const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < sessions.size(); ++i)
      if (sessions[i].first() - rules_.session.timeout <= t &&
          t <= sessions[i].last() + rules_.session.timeout)
        result.push_back(i);
    return result;
  }

  void sort_by_distance(std::vector<std::size_t>& places, std::int64_t t) const {
    std::sort(places.begin(), places.end(), [&](auto a, auto b) {
      return std::pair(sessions[a].distance(t), sessions[a].first()) <
             std::pair(sessions[b].distance(t), sessions[b].first());
    });
  }

  std::vector<std::size_t> candidates_of(std::int64_t t, const std::vector<std::size_t>& near) const {
    std::vector<std::size_t> result;
    for (const auto i : near)
      if (std::max(sessions[i].last(), t) - std::min(sessions[i].first(), t) <= rules_.session.max_duration)
        result.push_back(i);
    sort_by_distance(result, t);
    if (result.size() < 2) return result;
    const auto nearest = result[0];
    result.resize(2);
    std::sort(result.begin(), result.end(),
              [&](auto a, auto b) { return sessions[a].first() < sessions[b].first(); });
    const auto together = sessions[result[1]].last() - sessions[result[0]].first();
    return together > rules_.session.max_duration ? std::vector{nearest} : result;
  }

  void join(const item& x) {
    const auto near = fitting(x.e.time);
    const auto found = candidates_of(x.e.time, near);
    auto amended = false;
    for (const auto i : found) amended |= past_close(sessions[i], x.at.watermark);
    const auto bots = std::count_if(found.begin(), found.end(), [&](auto i) { return sessions[i].bot; });
    std::uint64_t others = 0;
    for (const auto i : found) others += sessions[i].bot ? 0 : sessions[i].items.size();
    if (found.empty()) open(x, near);
    auto& s = found.empty() ? sessions.back() : sessions[found[0]];
    if (found.size() == 2) merge(s, sessions[found[1]]);
    s.items.push_back(x);
    judge(s);
    s.items.back().bot = s.bot;
    if (s.bot) contribute_verdict(name_.topic, x.at, bots > 0 ? 0 : s.reasons, others, sums);
    const auto late = x.e.time < x.at.watermark;
    contribute_event(x.e, x.at, {name_.topic, visitor_hash(name_, x.e), late, amended, s.bot}, rules_, sums);
    silver.push_back({std::string(x.e[text::event_id]), key_of(s.opened), late, s.bot});
    if (found.size() == 2) sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(found[1]));
  }

  void open(const item& x, const std::vector<std::size_t>& near) {
    for (const auto i : near)
      if (x.e.time > sessions[i].last()) sessions[i].full = true;
    plain_session opened{x.e.time, {}, false, 0};
    for (const auto& s : sessions)
      if (s.bot && x.at.watermark <= s.last() + rules_.session.timeout + rules_.time.allowed_lateness)
        opened.bot = true, opened.reasons |= s.reasons;
    sessions.push_back(opened);
  }

  void merge(plain_session& a, const plain_session& b) {
    a.items.insert(a.items.end(), b.items.begin(), b.items.end());
    a.full |= b.full;
    a.duplicates += b.duplicates;
    a.bot |= b.bot;
    a.reasons |= b.reasons;
    merged[b.opened] = a.opened;
  }

  /// By all of its events, of which the last one has just come.
  void judge(plain_session& s) const {
    const auto minute_of = [](const item& x) { return x.e.time / minute; };
    std::int64_t newest = 0, in_newest = 0, views = 0, answers = 0;
    for (const auto& x : s.items) newest = std::max(newest, minute_of(x));
    for (const auto& x : s.items) {
      in_newest += minute_of(x) == newest;
      views += x.e.type == event_type::page_view;
      answers += x.e.type == event_type::click || x.e.type == event_type::scroll ||
                 x.e.type == event_type::form_submit;
      if (x.e.crawler) s.reasons |= set_of(bot_signal::crawler);
      if (x.e.empty_agent) s.reasons |= set_of(bot_signal::empty_agent);
    }
    if (in_newest > 6) s.reasons |= set_of(bot_signal::rate);
    if (views >= 10 && answers == 0) s.reasons |= set_of(bot_signal::no_interaction);
    if (bursts(s.items)) s.reasons |= set_of(bot_signal::burst);
    double sum = 0;
    for (const auto signal : {bot_signal::empty_agent, bot_signal::rate, bot_signal::burst})
      sum += contains(s.reasons, signal) ? 0.5 : 0;
    s.bot |= sum >= 1 || contains(s.reasons, bot_signal::crawler);
  }

  static bool bursts(std::vector<item> items) {
    std::sort(items.begin(), items.end(), [](auto& a, auto& b) { return a.at.offset < b.at.offset; });
    std::erase_if(items, [](auto& x) { return x.e.type != event_type::page_view; });
    return items.size() >= 3 && std::abs(items[1].e.time - items[0].e.time) < 500 &&
           std::abs(items[2].e.time - items[1].e.time) < 500;
  }

  bool past_close(const plain_session& s, std::int64_t w) const {
    return w > s.last() + rules_.session.timeout || (s.has_end() && w >= s.last());
  }

 public:
  std::string key_of(std::int64_t opened) const {
    session s;
    s.opened_at = opened;
    return session_key(name_, s);
  }

 private:
  const rules& rules_;
  const session_name& name_;
  std::int64_t watermark_ = noon - hour;
  std::map<std::string, std::int64_t> ids_;
};

// ---- a session made anew from its events

void count_all(session& s, const std::vector<item>& items) {
  for (const auto& [e, at, bot] : items) {
    ++s.events;
    s.late += e.time < at.watermark;
    s.quality_sum += static_cast<std::uint64_t>(std::llround(e.quality * 100));
    s.page_views += e.type == event_type::page_view;
    s.clicks += e.type == event_type::click;
    s.scrolls += e.type == event_type::scroll;
    s.form_submits += e.type == event_type::form_submit;
    s.video_plays += e.type == event_type::video_play;
    s.custom_events += e.type == event_type::custom_event;
    if (e.type == event_type::scroll)
      s.max_scroll_depth = std::max(s.max_scroll_depth, e[number::scroll_depth]);
  }
}

void carry_all(session& s, const std::vector<item>& items) {
  s.scalar_values.resize(scalars);
  const auto first_of = [&](scalar which, auto get) {
    auto& to = s.scalar_values[static_cast<std::size_t>(which)].value;
    for (const auto& x : items)
      if (to.empty() && get(x.e) != "unknown") to = get(x.e);
  };
  first_of(scalar::user_id, [](const event& e) { return e[text::user_id]; });
  first_of(scalar::visitor_id, [](const event& e) { return e[text::visitor_id]; });
  first_of(scalar::device_type, device_type_of);
  first_of(scalar::country, [](const event& e) { return e[text::country]; });
}

void walk_pages(session& s, const std::vector<item>& items) {
  for (const auto& x : items) {
    if (x.e.type != event_type::page_view || x.bot) continue;
    s.pages.push_back({x.when(), std::string(x.e[text::page_path])});
    s.exit = s.pages.back();
  }
  if (s.pages.size() > 201) s.pages.resize(201);
}

void name_paths(session& s, std::vector<item> items) {
  std::sort(items.begin(), items.end(), [](auto& a, auto& b) { return a.at.offset < b.at.offset; });
  for (const auto& [e, at, bot] : items) {
    if (bot || (e.type != event_type::page_view && e.type != event_type::scroll)) continue;
    const auto same = [&e = e](const path_stats& p) { return p.path == e[text::page_path]; };
    auto found = std::find_if(s.paths.begin(), s.paths.end(), same);
    if (found == s.paths.end()) found = s.paths.insert(found, {std::string(e[text::page_path]), at.offset});
    if (e.type == event_type::page_view) ++found->views;
    if (e.type == event_type::scroll)
      found->deepest_scroll = std::max(found->deepest_scroll, e[number::scroll_depth]);
  }
}

void meet_goals(session& s, const std::vector<item>& items, const rules& r) {
  std::set<std::uint16_t> met;
  for (const auto& x : items) {
    auto pays = false;
    for (std::uint16_t i = 0; i < r.goals.size(); ++i)
      if (matches(r.goals[i].event, x.e)) met.insert(i), pays |= r.goals[i].revenue;
    if (pays && x.e.has(number::event_value)) s.revenue += std::llround(x.e[number::event_value] * 1e6);
    for (std::uint16_t i = 0; i < r.funnels.size(); ++i) {
      std::uint32_t steps = 0;
      for (std::size_t n = 0; n < r.funnels[i].steps.size(); ++n)
        if (matches(r.funnels[i].steps[n].match, x.e)) steps |= 1U << n;
      if (steps) s.hits.push_back({x.when(), i, steps});
    }
  }
  s.goals.assign(met.begin(), met.end());
}

void find_source(session& s, const std::vector<item>& items) {
  std::optional<traffic_evidence> view, claim, first;
  const auto put = [](auto& to, traffic_rank rank, const auto& x, const traffic_sources::result& r) {
    if (!to)
      to = {rank,
            x.when(),
            {std::string(r.source), std::string(to_string(r.kind)), std::string(r.campaign),
             std::string(r.term)}};
  };
  for (const auto& x : items) {
    std::string scratch;
    if (x.e.type == event_type::session_start) {
      const auto r =
          small_sources().classify_claim(x.e[text::traffic_source], x.e[text::traffic_medium], {}, scratch);
      if (r.kind != medium::direct) put(claim, traffic_rank::session_start, x, r);
    }
    if (x.e.type != event_type::page_view) continue;
    const auto r = small_sources().classify(x.e[text::page_url], x.e[text::referrer], {}, scratch);
    if (s.referrer_host.value.empty()) s.referrer_host.value = r.referrer_host;
    put(first, traffic_rank::first_view, x, r);
    if (r.kind != medium::direct && r.kind != medium::dark) put(view, traffic_rank::page_view, x, r);
  }
  s.evidence = view ? view : claim ? claim : first;
}

session made_anew(const plain_session& plain, const rules& r) {
  auto items = plain.items;
  std::sort(items.begin(), items.end(), plain_session::by_time);
  session s;
  s.opened_at = plain.opened;
  s.first = items.front().e.time;
  s.last = items.back().e.time;
  s.has_end = plain.has_end();
  s.full = plain.full;
  s.duplicates = plain.duplicates;
  s.closed = true;
  s.bot = plain.bot;
  s.bot_reasons = plain.reasons;
  count_all(s, items);
  carry_all(s, items);
  walk_pages(s, items);
  name_paths(s, items);
  meet_goals(s, items, r);
  find_source(s, items);
  return s;
}

// ---- the random run

class random_run {
 public:
  explicit random_run(unsigned seed) : random_(seed) {
    f.settings.silver = true;
    f.settings.time.max_out_of_orderness = 10 * second;
    f.settings.time.allowed_lateness = 60 * second;
    f.settings.session.timeout = 40 * second;
    f.settings.session.max_duration = 120 * second;
    f.settings.bots = {};
    f.settings.bots.max_events_per_minute = 6;
    for (const auto signal : {bot_signal::rate, bot_signal::burst})
      f.settings.bots.weights[static_cast<std::size_t>(signal)] = 500'000;
    f.settings.goals = {{"b", {{}, "", "/b", 0}, false},
                        {"buy", {event_type::custom_event, "buy", "", 2}, true}};
    f.settings.funnels = {{"f",
                           funnel::reach::session,
                           50 * second,
                           {{"1", {{}, "", "/a", 0}}, {"2", {{}, "", "/b", 0}}, {"3", {{}, "buy", "", 0}}}}};
  }

  session_fixture f;
  plain_fold fold{f.settings, f.name};

  void go(int events) {
    for (int i = 0; i < events; ++i) {
      const auto e = next();
      fold.take(e, f.next_offset);
      f.give(e);
      round_trip();
      if (one_in(4)) f.commit(f.watermark + static_cast<std::int64_t>(random_() % 100) * second);
      round_trip();
    }
    f.commit(f.watermark + 1000 * hour);
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }

  template <class T>
  T one_of(std::initializer_list<T> list) {
    return *(list.begin() + random_() % list.size());
  }

  event next() {
    clock_ += one_of({0, 0, 1, 3, 10, 20, 35, one_in(8) ? 150 : 45}) * second;
    const auto t = clock_ - one_of({0, 0, 0, 2, 5, 12, 30, 45, 60, 75}) * second;
    if (!sent_.empty() && one_in(7)) return again(t);
    auto e =
        f.make(one_of({event_type::page_view, event_type::page_view, event_type::click, event_type::scroll,
                       event_type::custom_event, one_in(3) ? event_type::session_end : event_type::video_play,
                       event_type::session_start}),
               t, one_of({"/a", "/b", "/c"}));
    fill(e);
    sent_.push_back(e);
    return e;
  }

  event again(std::int64_t t) {
    auto e = sent_[random_() % sent_.size()];
    if (one_in(2)) e.time = t;
    return e;
  }

  void fill(event& e) {
    e[text::user_id] = one_of({"", "", "", "u", "w"});
    e[text::visitor_id] = one_of({"", "v", "v", "x"});
    e[text::country] = one_of({"", "DE", "FR"});
    e.quality = one_of({1.0, 0.7, 0.5});
    e.crawler = one_in(60);
    e.empty_agent = one_in(12);
    if (one_in(3)) e.set(number::screen_width, 500);
    if (e.type == event_type::scroll) e.set(number::scroll_depth, one_of({0.0, 25.0, 33.3, 100.0}));
    if (e.type == event_type::session_start) e[text::traffic_source] = one_of({"", "direct", "letter"});
    if (e.type == event_type::page_view)
      e[text::referrer] = one_of(
          {"", "about:blank", "https://shop.example/", "https://a.example/", "https://www.google.com/?q=x"});
    if (e.type != event_type::custom_event) return;
    e[text::event_name] = one_of({"buy", "other"});
    e.set(number::event_value, one_of({1.0, 2.5, 0.1, -3.0}));
  }

  void round_trip() {
    parted_value value, again;
    encode(f.key, value);
    const auto outline = decode_key_outline(value.head());
    REQUIRE(f.life().next_close(outline) == f.life().next_close(f.key));
    REQUIRE(f.life().next_forget(outline) == f.life().next_forget(f.key));
    f.key = decode_key_state(value.bytes);
    encode(f.key, again);
    REQUIRE(value.bytes == again.bytes);
  }

  std::mt19937 random_;
  std::int64_t clock_ = noon + 250 * second;
  std::vector<event> sent_;
};

std::vector<silver_line> silver_of(const outbox& records) {
  std::vector<silver_line> result;
  simdjson::dom::parser parser;
  for (const auto& record : records.records()) {
    if (record.topic != output::events) continue;
    const simdjson::dom::object fields = parser.parse(simdjson::padded_string(records.value(record)));
    result.push_back({std::string(std::string_view(fields["event_id"])),
                      std::string(std::string_view(fields["session_key"])), bool(fields["late"]),
                      bool(fields["is_bot"])});
  }
  return result;
}

published record_of(const session& s, const session_fixture& f) {
  session_fixture to;
  put_session(f.name, s, f.settings, {}, user_of(f.name, s), 0, to.records);
  return to.last_published();
}

void check_revisions(const std::vector<published>& all) {
  std::map<std::string, int> revisions;
  for (const auto& record : all) {
    auto& last = revisions[record["session_key"]];
    const auto revision = std::stoi(record["revision"]);
    REQUIRE(revision == last + 1);
    if (record["moved_to"].empty()) last = revision;  // the publication under the new key follows
  }
}

void check_sessions(const random_run& run) {
  std::map<std::string, std::vector<published>> standing;  // by session key: not withdrawn under their key
  for (const auto& record : run.f.sessions_published()) {
    auto& of = standing[record["session_key"]];
    std::erase_if(of, [&](const published& x) { return x.key == record.key; });
    if (record["withdrawn"].empty()) of.push_back(record);
  }
  std::erase_if(standing, [](const auto& x) { return x.second.empty(); });
  REQUIRE(standing.size() == run.fold.sessions.size());
  for (const auto& plain : run.fold.sessions) {
    auto expected = record_of(made_anew(plain, run.f.settings), run.f);
    auto& of = standing[expected["session_key"]];
    REQUIRE(of.size() == 1);
    REQUIRE(of[0].key == expected.key);
    expected.fields["revision"] = of[0]["revision"];
    REQUIRE(of[0].fields == expected.fields);
  }
}

void check_merged(const random_run& run) {
  std::map<std::string, published> last;
  for (const auto& record : run.f.sessions_published()) last[record["session_key"]] = record;
  for (const auto& [opened, into] : run.fold.merged) {
    const auto found = last.find("\"" + run.fold.key_of(opened) + "\"");
    if (found == last.end()) continue;  // never published
    REQUIRE(found->second["merged_into"] == "\"" + run.fold.key_of(into) + "\"");
  }
}

void check_sums(random_run& run) {
  for (const auto& plain : run.fold.sessions)
    contribute_session(run.f.name.site, made_anew(plain, run.f.settings), run.f.settings, run.fold.sums);
  REQUIRE(tally_of(run.f.kpis) == tally_of(run.fold.sums));
}

}  // namespace

TEST_CASE("whatever the closing clock does, what remains is what a plain fold over the records makes") {
  std::uint64_t merged = 0, amended = 0, duplicates = 0, too_late = 0, full = 0, bots = 0, half_bots = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    random_run run(seed);
    run.go(80);
    REQUIRE(silver_of(run.f.records) == run.fold.silver);
    check_revisions(run.f.sessions_published());
    check_sessions(run);
    check_merged(run);
    check_sums(run);
    CHECK(run.f.out.closed - run.f.out.withdrawn == run.fold.sessions.size());
    merged += run.f.out.withdrawn;
    amended += run.f.out.amended;
    duplicates += run.f.out.duplicates;
    too_late += run.fold.too_late;
    for (const auto& s : run.fold.sessions) {
      full += s.full;
      bots += s.bot;
      half_bots += s.bot && s.others() > 0;
    }
  }
  for (const auto seen : {merged, amended, duplicates, too_late, full, bots, half_bots}) CHECK(seen > 20);
}
