#include "pipeline/enrich/enricher.hpp"

#include <doctest/doctest.h>

using namespace weir;

TEST_CASE("an event whose agent and claim tell no device type gets that of its screen's width") {
  const rules r;
  enricher enrichment(r, no_enrichment());
  arena texts;
  event e;
  enrichment.enrich(e, texts);
  CHECK(e[text::device_type].empty());
  e.set(number::screen_width, 800);
  enrichment.enrich(e, texts);
  CHECK(e[text::device_type] == "tablet");
}
