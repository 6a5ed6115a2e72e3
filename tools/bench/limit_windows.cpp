#include "tools/bench/limit_windows.hpp"

#include <span>

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/retention.hpp"

namespace weir::bench {

namespace {

/// Contributions that are looked up together, so that one's memory arrives while another's is asked for.
constexpr std::size_t block_size = 16;

std::uint64_t place_of(std::uint64_t hash, const span_of_time& span) {
  const auto place = mix(hash, static_cast<std::uint64_t>(span.start));
  return span.size == granularity::five_minutes ? place : mix(place, static_cast<std::uint64_t>(span.size));
}

/// What a contribution's window stands for.
span_of_time span_of(family fam, std::int64_t start) {
  if (fam == family::retention) return {granularity::day, start, start + day_size};
  return {granularity::five_minutes, start, start + window_size};
}

}  // namespace

limit_windows::window& limit_windows::window_at(family fam, std::string_view site, const span_of_time& span) {
  const window_id id{fam, span.size, span.start, std::string(site)};
  const auto [found, made] = windows_.try_emplace(id);
  auto& w = found->second;
  if (!made) return w;
  w.fam = fam;
  w.site = site;
  w.span = span;
  active_.emplace(id, &w);
  return w;
}

limit_windows::window_cell& limit_windows::make(window& w, std::uint64_t hash,
                                                const std::array<std::string_view, 3>& key) {
  auto& c = cells_.emplace_back();
  c.in = &w;
  c.hash = hash;
  for (std::size_t i = 0; i < key.size(); ++i) c.key[i] = key[i];
  c.data.sums.resize(definition(w.fam).sums.size());
  w.cells.push_back(&c);
  if (key[1] == page_marker) w.pages[c.key[0]] = &c;
  return c;
}

limit_windows::window_cell& limit_windows::cell_of(const contribution& c) {
  const auto span = span_of(c.fam, c.window);
  auto& slot = index_[static_cast<std::size_t>(c.fam)][place_of(c.hash, span)];
  if (!slot) slot = &make(window_at(c.fam, c.site, span), c.hash, c.key);
  return *slot;
}

void limit_windows::list(window_cell& c) {
  if (!std::exchange(c.listed, true)) c.in->changed.push_back(&c);
}

void limit_windows::add(const contributions& made) {
  std::array<window_cell*, block_size> found;
  for (std::size_t f = 0; f < families; ++f) {
    const std::span all = made.of(static_cast<family>(f));
    for (std::size_t at = 0; at < all.size(); at += block_size) {
      const auto block = all.subspan(at, std::min(block_size, all.size() - at));
      for (const auto& c : block) index_[f].prefetch(place_of(c.hash, span_of(c.fam, c.window)));
      for (std::size_t i = 0; i < block.size(); ++i) {
        found[i] = &cell_of(block[i]);
        __builtin_prefetch(found[i]->data.sums.data());
      }
      for (std::size_t i = 0; i < block.size(); ++i) add(*found[i], block[i], made.additions(block[i]));
    }
  }
}

void limit_windows::add(window_cell& c, const contribution& made, const addition* additions) {
  c.data.add(additions, made.count);
  c.in->late += made.late;
  if (!c.in->final) return;
  amend(c);
  for (auto* up : c.up) {
    if (!up) continue;
    up->data.add(additions, made.count);
    if (up->in->final) amend(*up);
  }
}

/// A cell of a final window has changed: it is published again.
void limit_windows::amend(window_cell& c) {
  list(c);
  const auto& w = *c.in;
  active_.emplace(window_id{w.fam, w.span.size, w.span.start, w.site}, c.in);
}

/// Moves the window's halves as the clocks have them; returns whether they did.
bool limit_windows::advance(window& w, const limit_clocks& now) const {
  const auto end = w.fam == family::retention ? retention_complete(w.span.end) : w.span.end;
  const bool quality = w.fam == family::quality;
  const bool events_final =
      w.events_final || (quality ? now.a >= end : now.c > end + rules_.time.allowed_lateness);
  const bool final = w.final || (events_final && (quality || now.settled >= end));
  const bool news = events_final != w.events_final || final != w.final;
  w.events_final = events_final;
  w.final = final;
  return news;
}

void limit_windows::close(const limit_clocks& now, outbox& out) {
  for (auto i = active_.begin(); i != active_.end();) {
    auto& w = *i->second;
    const bool was_final = w.final;
    if (advance(w, now))
      for (auto* c : w.cells) list(*c);
    if (w.final && !was_final) count_late_up(w);
    publish(w, now, out);
    i = w.final ? active_.erase(i) : std::next(i);
  }
}

void limit_windows::count_late_up(window& w) {
  if (w.span.size != granularity::five_minutes) return;
  for (const auto& span : rollups_of(w.span.start, "UTC")) window_at(w.fam, w.site, span).late += w.late;
}

void limit_windows::publish(window& w, const limit_clocks& now, outbox& out) {
  for (auto* c : std::exchange(w.changed, {})) {
    c->listed = false;
    if (w.final && w.span.size == granularity::five_minutes && !c->up[0]) feed(*c);
    if (!c->told && c->data.zero()) continue;
    c->told = true;
    if (c->key[1] != page_marker) write(*c, now, out);
  }
}

/// Gives a closed window's cell to its hour and day.
void limit_windows::feed(window_cell& c) {
  const auto spans = rollups_of(c.in->span.start, "UTC");
  for (std::size_t i = 0; i < c.up.size(); ++i) {
    auto& slot = index_[static_cast<std::size_t>(c.in->fam)][place_of(c.hash, spans[i])];
    if (!slot)
      slot = &make(window_at(c.in->fam, c.in->site, spans[i]), c.hash, {c.key[0], c.key[1], c.key[2]});
    slot->data.merge(c.data);
    c.up[i] = slot;
    if (slot->in->final) amend(*slot);
  }
}

void limit_windows::write(const window_cell& c, const limit_clocks& now, outbox& out) const {
  const auto& w = *c.in;
  gold_record g;
  g.fam = w.fam;
  g.site = w.site;
  g.size = w.span.size;
  g.start = w.span.start;
  g.end = w.span.end;
  g.key = {c.key[0], c.key[1], c.key[2]};
  g.events_final = w.events_final;
  g.final = w.final;
  g.watermark = now.w;
  g.late_events = w.late;
  if (w.final) g.sessions_open = 0;
  g.with_sketches = w.final || w.fam == family::site || g.size != granularity::five_minutes;
  const cell* page = nullptr;
  if (const auto found = w.pages.find(c.key[0]); found != w.pages.end()) page = &found->second->data;
  out.begin(output::gold, -1, gold_key(g), static_cast<std::uint8_t>(w.fam));
  write_gold(g, c.data, rules_, out.value(), page);
  out.end();
}

}  // namespace weir::bench
