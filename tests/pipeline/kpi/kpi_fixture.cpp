#include "tests/pipeline/kpi/kpi_fixture.hpp"

#include <simdjson.h>

namespace weir::kpi_test {

event kpi_fixture::make(event_type type, std::int64_t time) const {
  event e;
  e.type = type;
  e.time = time;
  e[text::site_id] = site;
  e[text::session_id] = "s";
  e[text::page_path] = "/a";
  e[text::page_url] = "https://shop.example/a";
  return e;
}

void kpi_fixture::give(const event& e, std::uint64_t visitor, bool is_late, bool is_amended) {
  const stamp at{0, e.time, e.time, e.time};
  contribute_event(e, at, {topic, mix(visitor, 7), is_late, is_amended}, settings, made);
  collect();
}

void kpi_fixture::take_back(const session& s) {
  made.sign(-1);
  contribute_session(site, s, settings, made);
  made.sign(+1);
  collect();
}

void kpi_fixture::collect() {
  for (std::size_t f = 0; f < families; ++f) {
    for (const auto& c : made.of(static_cast<family>(f))) {
      cell_place place{c.fam, c.window, std::string(c.site), {}};
      for (std::size_t i = 0; i < 3; ++i) place.key[i] = c.key[i];
      cells[place].add(made.additions(c), c.count);
      late[{c.fam, place.site, c.window}] += c.late;
    }
  }
  made.clear();
}

const cell* kpi_fixture::find(family fam, std::array<std::string, 3> key, std::int64_t at) const {
  const auto found = cells.find({fam, at, fam == family::quality ? "(all)" : site, key});
  return found == cells.end() ? nullptr : &found->second;
}

std::string kpi_fixture::metric(family fam, std::string_view name, std::array<std::string, 3> key,
                                std::int64_t at) const {
  const auto* c = find(fam, key, at);
  if (!c) return "absent";
  const auto* joined = fam == family::elements ? find(fam, {key[0], std::string(page_marker)}, at) : nullptr;
  std::string json;
  json_writer out(json);
  out.begin_object();
  definition(fam).write_metrics(*c, {site, settings, joined}, out);
  out.end_object();
  simdjson::dom::parser parser;
  const simdjson::dom::object metrics = parser.parse(simdjson::padded_string(json));
  simdjson::dom::element value;
  return metrics.at_key(name).get(value) ? "absent" : simdjson::minify(value);
}

session closed_session(std::uint32_t views, std::int64_t first) {
  session s;
  s.opened_at = s.first = s.last = first;
  s.closed = true;
  for (std::uint32_t i = 0; i < views; ++i) {
    const moment at{first + i * minute, i};
    const std::string path = i % 2 ? "/b" : "/a";
    ++s.page_views, ++s.events;
    s.last = at.time;
    if (s.pages.size() <= pages_published) s.pages.push_back({at, path});
    s.exit = viewed_page{at, path};
    if (i < 2) s.paths.push_back({path, i, 0, -1});
    ++s.paths[i % 2].views;
  }
  return s;
}

bool equal(const cell& a, const cell& b) {
  std::string x, y;
  byte_writer to_x(x), to_y(y);
  a.encode(to_x);
  b.encode(to_y);
  return x == y;
}

}  // namespace weir::kpi_test
