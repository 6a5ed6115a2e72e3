#include "tests/pipeline/session/session_fixture.hpp"

#include <algorithm>

namespace weir::test {

namespace {

std::string payload(const addition& a) {
  switch (a.what) {
    case addition::kind::unique:
      return std::to_string(a.hash);
    case addition::kind::sample:
      return std::to_string(a.value);
    case addition::kind::top:
      return std::string(a.text);
    case addition::kind::sum:
      break;
  }
  return {};
}

std::string place(const contribution& c) {
  std::string result = std::to_string(static_cast<int>(c.fam)) + "|" + std::to_string(c.window);
  for (const auto part : {c.site, c.key[0], c.key[1], c.key[2]}) result.append("|").append(part);
  return result + (c.late ? "|late" : "");
}

void add(const addition& a, const std::string& place, tally& to) {
  const auto name = place + "|" + std::to_string(static_cast<int>(a.what)) + "." + std::to_string(a.slot) +
                    "=" + payload(a);
  switch (a.what) {
    case addition::kind::sum:
      to[name] += a.sum;
      break;
    case addition::kind::unique:
      to[name] = 1;
      break;
    default:
      to[name] += a.times;
  }
}

}  // namespace

tally tally_of(const contributions& c) {
  tally result;
  for (std::size_t f = 0; f < families; ++f)
    for (const auto& x : c.of(static_cast<family>(f)))
      for (std::uint32_t i = 0; i < x.count; ++i) add(c.additions(x)[i], place(x), result);
  std::erase_if(result, [](const auto& entry) { return entry.second == 0; });
  return result;
}

std::string published::operator[](const std::string& field) const {
  const auto found = fields.find(field);
  return found == fields.end() ? std::string{} : found->second;
}

const traffic_sources& small_sources() {
  static const traffic_sources sources = [] {
    referrer_lists lists;
    lists.search_engines = {{"Google", {"google.com"}, {"q"}}};
    lists.social_networks = {{"Facebook", {"facebook.com"}, {}}};
    return traffic_sources(lists);
  }();
  return sources;
}

event session_fixture::make(event_type type, std::int64_t time, std::string_view path) {
  event e;
  e.type = type;
  e.time = time;
  e[text::event_id] = keep("e" + std::to_string(ids_++));
  e[text::session_id] = name.session_id;
  e[text::site_id] = name.site;
  if (type == event_type::session_start || type == event_type::session_end ||
      type == event_type::custom_event)
    return e;
  e[text::page_path] = keep(std::string(path));
  e[text::page_url] = keep("https://shop.example" + std::string(path));
  if (type == event_type::scroll) e.set(number::scroll_depth, 50);
  return e;
}

event session_fixture::custom(std::int64_t time, std::string_view name) {
  auto e = make(event_type::custom_event, time);
  e[text::event_name] = name;
  return e;
}

bool session_fixture::give(const event& e) {
  const stamp at{next_offset++, watermark, e.time, e.time};
  const auto too_late = e.time < watermark - settings.time.allowed_lateness;
  if (!too_late) {
    life().advance(name, key, std::max(closing_clock, watermark), watermark, out);
    life().take(name, key, e, at, out);
  }
  watermark = std::max(watermark, e.time - settings.time.max_out_of_orderness);
  return !too_late;
}

void session_fixture::pass(std::int64_t w) {
  watermark = std::max(watermark, w);
  commit(watermark);
}

void session_fixture::commit(std::int64_t c) {
  closing_clock = std::max({closing_clock, watermark, c});
  life().advance(name, key, closing_clock, watermark, out);
}

std::vector<published> session_fixture::sessions_published() const {
  std::vector<published> result;
  simdjson::dom::parser parser;
  for (const auto& record : records.records()) {
    if (record.topic != output::sessions) continue;
    auto& to = result.emplace_back(published{std::string(records.key(record)), {}});
    const simdjson::dom::object fields = parser.parse(simdjson::padded_string(records.value(record)));
    for (const auto field : fields) to.fields[std::string(field.key)] = simdjson::minify(field.value);
  }
  return result;
}

}  // namespace weir::test
