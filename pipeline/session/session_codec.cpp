// One session in bytes. Varints are LEB128, signed ones zig-zag, texts a length and bytes
// (pipeline/base/codec.hpp).
//
//   first          signed           milliseconds
//   last           signed           less first
//   opened_at      signed           less first
//   flags          byte             1 has_end, 2 full, 4 closed, 8 evidence, 16 exit apart, 32 referrer_host
//   revision       varint
//   counts         14 varints       events, page_views, clicks, scrolls, form_starts, form_submits,
//   form_successes,
//                                   video_plays, custom_events, duplicates, late, other_currency,
//                                   quality_sum, goals
//   revenue        signed           10^-6
//   deepest        depth            max_scroll_depth
//   scalars        byte             bit n: scalar n follows, as moment and text
//   referrer_host  moment, text     if flagged
//   evidence       byte             rank; then moment, source, medium, campaign, term; if flagged
//   paths          varint           count; each: text, first_offset as signed difference, views, depth
//   pages          varint           count; each: moment, page
//   exit           moment, page     if flagged; else it is the last of pages
//   goals          varints          as many as counted
//   hits           varint           count; each: moment, funnel, steps
//
// A moment is time and offset as signed differences to the moment before it in these bytes; the first one's
// are to (first, 0). A depth is 0 for none, 2 d + 2 for a whole number d, or 1 and 8 bytes. A page is its
// place in paths + 1, or 0 and a text. An example with its bytes stands in key_state_codec.cpp.
#include "pipeline/session/session_codec.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

enum flags : std::uint8_t {
  has_end = 1,
  full = 2,
  closed = 4,
  evidence = 8,
  exit_apart = 16,
  referrer_host = 32,
  all_flags = 63
};

constexpr double whole_depths = 1 << 20;  // below it a whole depth is written short

/// The counts that are written as they are, in the order of the bytes.
constexpr std::array counts{&session::events,         &session::page_views,  &session::clicks,
                            &session::scrolls,        &session::form_starts, &session::form_submits,
                            &session::form_successes, &session::video_plays, &session::custom_events,
                            &session::duplicates,     &session::late,        &session::other_currency};

bool ends_with_exit(const session& s) {
  return s.exit && !s.pages.empty() && s.exit->at == s.pages.back().at && s.exit->path == s.pages.back().path;
}

class session_encoder {
 public:
  session_encoder(const session& s, byte_writer& out) : s_(s), out_(out), before_{s.first, 0} {}

  void encode() {
    head();
    scalar_values();
    if (!s_.referrer_host.value.empty()) carried_text(s_.referrer_host);
    if (s_.evidence) traffic_found(*s_.evidence);
    paths();
    pages();
    for (const auto goal : s_.goals) out_.varint(goal);
    hits();
  }

 private:
  std::uint8_t flags_of() const {
    unsigned result = 0;
    if (s_.has_end) result |= has_end;
    if (s_.full) result |= full;
    if (s_.closed) result |= closed;
    if (s_.evidence) result |= evidence;
    if (s_.exit && !ends_with_exit(s_)) result |= exit_apart;
    if (!s_.referrer_host.value.empty()) result |= referrer_host;
    return static_cast<std::uint8_t>(result);
  }

  void head() {
    out_.zigzag(s_.first);
    out_.zigzag(wrapping_sub(s_.last, s_.first));
    out_.zigzag(wrapping_sub(s_.opened_at, s_.first));
    out_.byte(flags_of());
    out_.varint(s_.revision);
    for (const auto count : counts) out_.varint(s_.*count);
    out_.varint(s_.quality_sum);
    out_.varint(s_.goals.size());
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

  void paths() {
    out_.varint(s_.paths.size());
    std::int64_t before = 0;
    for (const auto& path : s_.paths) {
      out_.text(path.path);
      out_.zigzag(wrapping_sub(path.first_offset, before));
      out_.varint(path.views);
      depth(path.deepest_scroll);
      before = path.first_offset;
    }
  }

  void pages() {
    out_.varint(s_.pages.size());
    for (const auto& view : s_.pages) page(view);
    if (s_.exit && !ends_with_exit(s_)) page(*s_.exit);
  }

  void page(const viewed_page& view) {
    at(view.at);
    const auto same = [&view](const path_stats& x) { return x.path == view.path; };
    const auto found = std::find_if(s_.paths.begin(), s_.paths.end(), same);
    if (found != s_.paths.end()) return out_.varint(static_cast<std::uint64_t>(found - s_.paths.begin()) + 1);
    out_.varint(0);
    out_.text(view.path);
  }

  void hits() {
    out_.varint(s_.hits.size());
    for (const auto& hit : s_.hits) {
      at(hit.at);
      out_.varint(hit.funnel);
      out_.varint(hit.steps);
    }
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
  explicit session_decoder(byte_reader& in) : in_(in) {}

  session decode() {
    head();
    scalar_values();
    if (flags_ & referrer_host) carried_text(s_.referrer_host);
    if (flags_ & evidence) traffic_found(s_.evidence.emplace());
    paths();
    pages();
    for (auto& goal : s_.goals) goal = number<std::uint16_t>();
    hits();
    return std::move(s_);
  }

 private:
  void head() {
    s_.first = in_.zigzag();
    s_.last = wrapping_add(s_.first, in_.zigzag());
    s_.opened_at = wrapping_add(s_.first, in_.zigzag());
    for (const auto time : {s_.first, s_.last, s_.opened_at})
      if (!plausible(time)) throw decode_error("a session at a time that is none");
    before_ = {s_.first, 0};
    flags_ = in_.byte();
    if (flags_ > all_flags) throw decode_error("unknown flags of a session");
    s_.has_end = flags_ & has_end;
    s_.full = flags_ & full;
    s_.closed = flags_ & closed;
    s_.revision = number<std::uint32_t>();
    for (const auto count : counts) s_.*count = number<std::uint32_t>();
    s_.quality_sum = in_.varint();
    s_.goals.resize(in_.count());
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

  void paths() {
    s_.paths.resize(at_most(paths_kept, 4));
    std::int64_t before = 0;
    for (auto& path : s_.paths) {
      path.path = in_.text();
      path.first_offset = before = wrapping_add(before, in_.zigzag());
      path.views = number<std::uint32_t>();
      path.deepest_scroll = depth();
    }
  }

  void pages() {
    s_.pages.resize(at_most(pages_published + 1, 3));
    for (auto& view : s_.pages) page(view);
    if (flags_ & exit_apart)
      page(s_.exit.emplace());
    else if (!s_.pages.empty())
      s_.exit = s_.pages.back();
  }

  void page(viewed_page& view) {
    at(view.at);
    const auto place = in_.varint();
    if (place > s_.paths.size()) throw decode_error("a page that is none of the paths");
    view.path = place == 0 ? in_.text() : std::string_view(s_.paths[place - 1].path);
  }

  void hits() {
    s_.hits.resize(at_most(hits_kept, 4));
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

  byte_reader& in_;
  session s_;
  std::uint8_t flags_ = 0;
  moment before_;
};

}  // namespace

void encode(const session& s, byte_writer& out) { session_encoder(s, out).encode(); }

session decode_session(byte_reader& in) { return session_decoder(in).decode(); }

}  // namespace weir
