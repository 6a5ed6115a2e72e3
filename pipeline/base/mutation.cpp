#include "pipeline/base/mutation.hpp"

#include <array>
#include <cstddef>

namespace weir {

namespace {

constexpr auto names = std::to_array<std::string_view>({"none",
                                                        "stamps",
                                                        "tombstone_stamps",
                                                        "aligned",
                                                        "c_at_commits",
                                                        "ring_clocks",
                                                        "timers_before",
                                                        "order",
                                                        "dead_list",
                                                        "dead_live_only",
                                                        "evict_committed",
                                                        "ties",
                                                        "unpublished_kept",
                                                        "forget_by_w",
                                                        "idle_without_event",
                                                        "one_mark_an_offset",
                                                        "open_kept",
                                                        "user_follows",
                                                        "age_kept",
                                                        "user_clocks"});

}  // namespace

std::string_view to_string(rule r) { return names[static_cast<std::size_t>(r)]; }

rule find_rule(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<rule>(i);
  return rule::none;
}

#ifdef WEIR_MUTATIONS
namespace {
rule off = rule::none;
}
void switch_off(rule r) { off = r; }
bool holds(rule r) { return off != r; }
#endif

}  // namespace weir
