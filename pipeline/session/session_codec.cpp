// One session in bytes, in three pieces. Varints are LEB128, signed ones zig-zag, texts a length and bytes
// (pipeline/base/codec.hpp).
//
// Outline:
//   first          signed           milliseconds
//   last           signed           less first
//   opened_at      signed           less first
//   flags          byte             1 has_end, 2 full, 4 closed, 8 bot
//
// Body:
//   flags          byte             1 evidence, 2 exit apart, 4 referrer_host, 8 bot_reasons,
//                                   16 views apart
//   revision       varint
//   counts         15 varints       events, page_views, clicks, scrolls, form_starts, form_submits,
//   form_successes,
//                                   video_plays, custom_events, duplicates, late, other_currency,
//                                   minute_events, quality_sum, goals
//   lists          3 varints        how many paths, pages, hits there are
//   revenue        signed           10^-6
//   deepest        depth            max_scroll_depth
//   scalars        byte             bit n: scalar n follows, as moment and text
//   referrer_host  moment, text     if flagged
//   evidence       byte             rank; then moment, source, medium, campaign, term; if flagged
//   exit           moment, page     if flagged; else it is the last of pages
//   goals          varints          as many as counted
//   bot_reasons    byte             bit n: signal n; if flagged
//   views          byte, moments    how many; if flagged; else they are those of the first pages
//
// Lists, which may be cut before every 16th path and page, and every 256th hit:
//   paths          each: text, first_offset as signed difference, views, depth
//   pages          each: moment, page
//   hits           each: moment, funnel, steps
//
// A moment is time and offset as signed differences to the moment before it in these bytes; the first one's
// of a body are to (first, 0), of pages and of hits to (first, first_offset of the first path). A depth is 0
// for none, 2 d + 2 for a whole number d, or 1 and 8 bytes. A page is its place in paths + 1, or 0 and a
// text. An example with its bytes stands in key_state_codec.cpp.
#include "pipeline/session/session_codec.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

enum flags : std::uint8_t { has_end = 1, full = 2, closed = 4, bot = 8, all_flags = 15 };
enum body_flags : std::uint8_t {
  evidence = 1,
  exit_apart = 2,
  referrer_host = 4,
  bot_reasons = 8,
  views_apart = 16,
  all_body_flags = 31
};

enum lists : std::uint8_t { paths_list, pages_list, hits_list, list_count };
constexpr std::size_t list_part[list_count] = {16, 16, 256};  // so many in one part

constexpr double whole_depths = 1 << 20;  // below it a whole depth is written short

/// The counts that are written as they are, in the order of the bytes.
constexpr std::array counts{&session::events,         &session::page_views,  &session::clicks,
                            &session::scrolls,        &session::form_starts, &session::form_submits,
                            &session::form_successes, &session::video_plays, &session::custom_events,
                            &session::duplicates,     &session::late,        &session::other_currency,
                            &session::minute_events};

bool ends_with_exit(const session& s) {
  return s.exit && !s.pages.empty() && s.exit->at == s.pages.back().at && s.exit->path == s.pages.back().path;
}

/// What the first views are in most sessions.
first_views views_of_pages(const session& s) {
  first_views views;
  for (std::size_t i = 0; i < s.pages.size() && i < s.page_views && i < views.at.size(); ++i)
    views.at[views.count++] = s.pages[i].at;
  return views;
}

/// Where the moments of pages and hits begin: what does not move while a session grows.
moment list_base(const session& s) { return {s.first, s.paths.empty() ? 0 : s.paths.front().first_offset}; }

class session_encoder {
 public:
  session_encoder(const session& s, byte_writer& out) : s_(s), out_(out), before_{s.first, 0} {}

  void encode_body() {
    counted();
    scalar_values();
    if (!s_.referrer_host.value.empty()) carried_text(s_.referrer_host);
    if (s_.evidence) traffic_found(*s_.evidence);
    if (s_.exit && !ends_with_exit(s_)) page(*s_.exit);
    for (const auto goal : s_.goals) out_.varint(goal);
    if (s_.bot_reasons != 0) out_.byte(s_.bot_reasons);
    if (s_.views != views_of_pages(s_)) views();
  }

  /// Calls `begin_part(list, n)` before each part.
  template <class BeginPart>
  void encode_lists(const BeginPart& begin_part) {
    const auto at_seam = [&](lists list, std::size_t i) {
      if (i % list_part[list] == 0) begin_part(list, i / list_part[list]);
    };
    std::int64_t before = 0;
    for (std::size_t i = 0; i < s_.paths.size(); ++i) {
      at_seam(paths_list, i);
      path(s_.paths[i], std::exchange(before, s_.paths[i].first_offset));
    }
    before_ = list_base(s_);
    for (std::size_t i = 0; i < s_.pages.size(); ++i) at_seam(pages_list, i), page(s_.pages[i]);
    before_ = list_base(s_);
    for (std::size_t i = 0; i < s_.hits.size(); ++i) at_seam(hits_list, i), hit(s_.hits[i]);
  }

 private:
  void counted() {
    unsigned flags = 0;
    if (s_.evidence) flags |= evidence;
    if (s_.exit && !ends_with_exit(s_)) flags |= exit_apart;
    if (!s_.referrer_host.value.empty()) flags |= referrer_host;
    if (s_.bot_reasons != 0) flags |= bot_reasons;
    if (s_.views != views_of_pages(s_)) flags |= views_apart;
    out_.byte(static_cast<std::uint8_t>(flags));
    out_.varint(s_.revision);
    for (const auto count : counts) out_.varint(s_.*count);
    out_.varint(s_.quality_sum);
    out_.varint(s_.goals.size());
    for (const auto count : {s_.paths.size(), s_.pages.size(), s_.hits.size()}) out_.varint(count);
    out_.zigzag(s_.revenue);
    depth(s_.max_scroll_depth);
  }

  void scalar_values() {
    unsigned present = 0;
    for (std::size_t i = 0; i < s_.scalar_values.size(); ++i)
      present |= !s_.scalar_values[i].value.empty() << i;
    out_.byte(static_cast<std::uint8_t>(present));
    for (const auto& x : s_.scalar_values)
      if (!x.value.empty()) carried_text(x);
  }

  void traffic_found(const traffic_evidence& found) {
    out_.byte(static_cast<std::uint8_t>(found.rank));
    at(found.at);
    out_.text(found.found.source);
    out_.text(found.found.medium);
    out_.text(found.found.campaign);
    out_.text(found.found.term);
  }

  void views() {
    out_.byte(s_.views.count);
    for (std::size_t i = 0; i < s_.views.count; ++i) at(s_.views.at[i]);
  }

  void path(const path_stats& x, std::int64_t offset_before) {
    out_.text(x.path);
    out_.zigzag(wrapping_sub(x.first_offset, offset_before));
    out_.varint(x.views);
    depth(x.deepest_scroll);
  }

  void page(const viewed_page& view) {
    at(view.at);
    const auto same = [&view](const path_stats& x) { return x.path == view.path; };
    const auto found = std::find_if(s_.paths.begin(), s_.paths.end(), same);
    if (found != s_.paths.end()) return out_.varint(static_cast<std::uint64_t>(found - s_.paths.begin()) + 1);
    out_.varint(0);
    out_.text(view.path);
  }

  void hit(const funnel_hit& x) {
    at(x.at);
    out_.varint(x.funnel);
    out_.varint(x.steps);
  }

  void carried_text(const carried& x) {
    at(x.at);
    out_.text(x.value);
  }

  void at(const moment& when) {
    out_.zigzag(wrapping_sub(when.time, before_.time));
    out_.zigzag(wrapping_sub(when.offset, before_.offset));
    before_ = when;
  }

  void depth(double x) {
    if (x < 0) return out_.varint(0);
    if (x < whole_depths && x == std::floor(x)) return out_.varint(static_cast<std::uint64_t>(x) * 2 + 2);
    out_.varint(1);
    out_.real(x);
  }

  const session& s_;
  byte_writer& out_;
  moment before_;
};

class session_decoder {
 public:
  session_decoder(session& s, byte_reader& in) : s_(s), in_(in), before_{s.first, 0} {}

  /// Returns what the lists need: twice the exit's page (its place in paths + 1, or 0), one more when the
  /// views are apart.
  std::uint64_t decode_body() {
    counted();
    scalar_values();
    if (flags_ & referrer_host) carried_text(s_.referrer_host);
    if (flags_ & evidence) traffic_found(s_.evidence.emplace());
    const auto exit = flags_ & exit_apart ? page(s_.exit.emplace()) : 0;
    for (auto& goal : s_.goals) goal = number<std::uint16_t>();
    if (flags_ & bot_reasons) reasons();
    if (flags_ & views_apart) views();
    return exit << 1 | ((flags_ & views_apart) != 0);
  }

  void decode_lists(std::uint64_t from_body) {
    const auto exit = from_body >> 1;
    paths();
    before_ = list_base(s_);
    for (auto& view : s_.pages) set_path(view, page(view));
    before_ = list_base(s_);
    hits();
    if (s_.exit)
      set_path(*s_.exit, exit);
    else if (!s_.pages.empty())
      s_.exit = s_.pages.back();
    if (!(from_body & 1)) s_.views = views_of_pages(s_);
  }

 private:
  void counted() {
    flags_ = in_.byte();
    if (flags_ > all_body_flags) throw decode_error("unknown flags of a session's body");
    s_.revision = number<std::uint32_t>();
    for (const auto count : counts) s_.*count = number<std::uint32_t>();
    s_.quality_sum = in_.varint();
    s_.goals.resize(in_.count());
    s_.paths.resize(at_most(paths_kept, 4));
    s_.pages.resize(at_most(pages_published + 1, 3));
    s_.hits.resize(at_most(hits_kept, 4));
    s_.revenue = in_.zigzag();
    s_.max_scroll_depth = depth();
  }

  void scalar_values() {
    const auto present = in_.byte();
    if (present >> scalars != 0) throw decode_error("unknown scalars of a session");
    if (present != 0) s_.scalar_values.resize(scalars);
    for (std::size_t i = 0; i < scalars; ++i)
      if (present >> i & 1U) carried_text(s_.scalar_values[i]);
  }

  void traffic_found(traffic_evidence& found) {
    const auto rank = in_.byte();
    if (rank >= static_cast<std::uint8_t>(traffic_rank::count_))
      throw decode_error("unknown rank of a traffic source");
    found.rank = static_cast<traffic_rank>(rank);
    at(found.at);
    found.found.source = in_.text();
    found.found.medium = in_.text();
    found.found.campaign = in_.text();
    found.found.term = in_.text();
  }

  void reasons() {
    s_.bot_reasons = in_.byte();
    if (s_.bot_reasons > all_signals) throw decode_error("unknown signals of a bot");
  }

  void views() {
    s_.views.count = in_.byte();
    if (s_.views.count > s_.views.at.size()) throw decode_error("more first views than there are");
    for (std::size_t i = 0; i < s_.views.count; ++i) at(s_.views.at[i]);
  }

  void paths() {
    std::int64_t before = 0;
    for (auto& path : s_.paths) {
      path.path = in_.text();
      path.first_offset = before = wrapping_add(before, in_.zigzag());
      path.views = number<std::uint32_t>();
      path.deepest_scroll = depth();
    }
  }

  std::uint64_t page(viewed_page& view) {
    at(view.at);
    const auto place = in_.varint();
    if (place > s_.paths.size()) throw decode_error("a page that is none of the paths");
    if (place == 0) view.path = in_.text();
    return place;
  }

  void set_path(viewed_page& view, std::uint64_t place) {
    if (place > 0) view.path = s_.paths[place - 1].path;
  }

  void hits() {
    for (auto& hit : s_.hits) {
      at(hit.at);
      hit.funnel = number<std::uint16_t>();
      hit.steps = number<std::uint32_t>();
    }
  }

  void carried_text(carried& x) {
    at(x.at);
    x.value = in_.text();
    if (x.value.empty()) throw decode_error("a text that says nothing");
  }

  void at(moment& when) {
    before_.time = wrapping_add(before_.time, in_.zigzag());
    before_.offset = wrapping_add(before_.offset, in_.zigzag());
    when = before_;
  }

  double depth() {
    const auto x = in_.varint();
    if (x == 0) return -1;
    const auto depth = x == 1 ? in_.real() : static_cast<double>((x - 2) / 2);
    if (!std::isfinite(depth) || depth < 0) throw decode_error("a scroll depth that is none");
    return depth;
  }

  template <class T>
  T number() {
    const auto x = in_.varint();
    if (x > std::numeric_limits<T>::max()) throw decode_error("a number is too large");
    return static_cast<T>(x);
  }

  std::size_t at_most(std::size_t limit, std::size_t bytes_each) {
    const auto n = in_.count(bytes_each);
    if (n > limit) throw decode_error("more of something than a session keeps");
    return n;
  }

  session& s_;
  byte_reader& in_;
  std::uint8_t flags_ = 0;
  moment before_;
};

}  // namespace

void encode_outline(const session_times& s, byte_writer& out) {
  out.zigzag(s.first);
  out.zigzag(wrapping_sub(s.last, s.first));
  out.zigzag(wrapping_sub(s.opened_at, s.first));
  out.byte(static_cast<std::uint8_t>((s.has_end ? has_end : 0) | (s.full ? full : 0) |
                                     (s.closed ? closed : 0) | (s.bot ? bot : 0)));
}

session_times decode_outline(byte_reader& in) {
  session_times s;
  s.first = in.zigzag();
  s.last = wrapping_add(s.first, in.zigzag());
  s.opened_at = wrapping_add(s.first, in.zigzag());
  for (const auto time : {s.first, s.last, s.opened_at})
    if (!plausible(time)) throw decode_error("a session at a time that is none");
  const auto flags = in.byte();
  if (flags > all_flags) throw decode_error("unknown flags of a session");
  s.has_end = flags & has_end;
  s.full = flags & full;
  s.closed = flags & closed;
  s.bot = flags & bot;
  return s;
}

void encode_body(const session& s, byte_writer& out) { session_encoder(s, out).encode_body(); }

void encode_lists(const session& s, std::size_t place, parted_value& out) {
  byte_writer to(out.bytes);
  session_encoder(s, to).encode_lists([&](lists list, std::size_t n) {
    out.begin_part(part_name(first_session_list + place * list_count + list, n));
  });
}

std::uint64_t decode_body(session& s, byte_reader& in) { return session_decoder(s, in).decode_body(); }

void decode_lists(session& s, std::uint64_t from_body, byte_reader& in) {
  session_decoder(s, in).decode_lists(from_body);
}

}  // namespace weir
