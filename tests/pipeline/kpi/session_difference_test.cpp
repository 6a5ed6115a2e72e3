#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <random>

#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

namespace {

/// A session of random content, open or closed.
session random_session(std::mt19937& random) {
  auto s = closed_session(random() % 12, window * static_cast<std::int64_t>(random() % 3));
  s.last += random() % 1000;
  s.closed = random() % 4 != 0;
  s.revenue = static_cast<std::int64_t>(random() % 3);
  if (random() % 2) s.goals = {0};
  for (auto& path : s.paths)
    if (random() % 2) path.deepest_scroll = random() % 101;
  if (random() % 2) s.evidence = traffic_evidence{traffic_rank::page_view, {}, {"x", "social", "c", ""}};
  s.scalar_values.resize(scalars);
  for (auto& value : s.scalar_values)
    if (random() % 2) value.value = std::to_string(random() % 2);
  for (unsigned i = 0; i < random() % 4; ++i) s.hits.push_back({{s.first + i * 1000, i}, 0, 1U << i});
  return s;
}

rules with_funnel() {
  rules r;
  r.funnels.push_back({"f", funnel::reach::session, 1'000'000, {{"1", {}}, {"2", {}}, {"3", {}}}});
  return r;
}

}  // namespace

TEST_CASE("f(new) - f(old) leaves exactly f(new), whatever a session was before") {
  CHECK(rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    kpi_fixture changed, fresh;
    changed.settings = fresh.settings = with_funnel();
    auto old = random_session(random);
    changed.give(old);
    for (int i = 0; i < 6; ++i) {
      auto next = random_session(random);
      changed.give(next);
      changed.take_back(old);
      old = next;
    }
    fresh.give(old);
    std::erase_if(changed.cells, [](const auto& x) { return x.second.zero(); });
    RC_ASSERT(changed.cells.size() == fresh.cells.size());
    for (const auto& [place, c] : fresh.cells) RC_ASSERT(equal(c, changed.cells.at(place)));
    changed.take_back(old);
    for (const auto& [_, c] : changed.cells) RC_ASSERT(c.zero());
  }));
}
