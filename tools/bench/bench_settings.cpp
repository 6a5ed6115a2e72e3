#include "tools/bench/bench_settings.hpp"

namespace weir::bench {

namespace {

event_match named(std::string name) {
  event_match m;
  m.type = event_type::custom_event;
  m.name = std::move(name);
  return m;
}

event_match on_page(std::string path) {
  event_match m;
  m.type = event_type::page_view;
  m.page_path = std::move(path);
  return m;
}

}  // namespace

settings bench_settings() {
  settings s;
  s.goals = {{"signup", named("signup"), false}, {"purchase", named("purchase"), true}};
  funnel buy;
  buy.id = "buy";
  buy.steps = {{"cart", on_page("/cart")}, {"checkout", on_page("/checkout*")}, {"paid", named("purchase")}};
  s.funnels = {buy};
  return s;
}

}  // namespace weir::bench
