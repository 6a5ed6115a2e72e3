#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t { plays, autoplays, count_ };
enum class uniques : std::uint8_t { unique_visitors, count_ };

constexpr std::array<std::string_view, 1> key_names{"video_id"};
constexpr auto sum_names = slot_names<sums>("plays", "autoplays");
constexpr auto unique_names = slot_names<uniques>("unique_visitors");

void write_videos(const cell& c, const metrics_context&, json_writer& out) {
  write_sums_and_uniques(videos_definition, c, out);
}

}  // namespace

const family_definition videos_definition{family::videos, "videos", key_names, false,       sum_names, {},
                                          unique_names,   {},       {},        write_videos};

void videos_event(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::video_play) return;
  out.begin(family::videos, f.window, f.site, f.e[text::video_id]);
  out.sum(slot(sums::plays), 1);
  out.sum(slot(sums::autoplays), f.e.autoplay == flag::yes);
  out.unique(slot(uniques::unique_visitors), f.context.visitor);
  if (f.context.late) out.late();
  out.end();
}

}  // namespace weir
