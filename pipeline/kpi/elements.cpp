#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

// `page_views` is only in the page's hidden cell, `clicks` and the visitors only in those of its elements.
enum class sums : std::uint8_t { clicks, page_views, count_ };
enum class uniques : std::uint8_t { unique_visitors, count_ };

constexpr std::array<std::string_view, 2> key_names{"page_path", "element_id"};
constexpr auto sum_names = slot_names<sums>("clicks", "page_views");
constexpr auto unique_names = slot_names<uniques>("unique_visitors");

void write_elements(const cell& c, const metrics_context& context, json_writer& out) {
  const auto clicks = c.sum(slot(sums::clicks));
  const auto views = context.joined ? context.joined->sum(slot(sums::page_views)) : 0;
  out.field("clicks", clicks);
  out.field("page_views", views);
  out.field("ctr", ratio(static_cast<double>(clicks), static_cast<double>(views)));
  out.field("unique_visitors", unique_count(c, slot(uniques::unique_visitors)));
}

}  // namespace

const family_definition elements_definition{
    family::elements, "elements", key_names, true, sum_names, {}, unique_names, {}, {}, write_elements};

void elements_event(const event_facts& f, contributions& out) {
  if (f.e.type == event_type::page_view) {
    out.begin(family::elements, f.window, f.site, f.path, page_marker);
    out.sum(slot(sums::page_views), 1);
  } else if (f.e.type == event_type::click) {
    out.begin(family::elements, f.window, f.site, f.path, f.e[text::element_id]);
    out.sum(slot(sums::clicks), 1);
    out.unique(slot(uniques::unique_visitors), f.context.visitor);
  } else {
    return;
  }
  if (f.context.late) out.late();
  out.end();
}

}  // namespace weir
