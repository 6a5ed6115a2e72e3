#include <doctest/doctest.h>

#include "pipeline/users/user_record.hpp"
#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

TEST_CASE("a user's record of weir.users tells their totals") {
  user_fixture f;
  auto n = news_of("a", noon);
  n.session.revenue = 1'500'000;
  n.session.converted = true;
  f.take(n);
  f.take(news_of("b", noon + day));
  outbox out;
  put_user("shop|anna|x", f.user, f.r, out);
  const auto& r = out.records().at(0);
  CHECK(r.topic == output::users);
  CHECK(out.key(r) == "shop|anna|x");
  CHECK(
      out.value(r) ==
      R"({"site_id":"shop","user":"anna|x","first_seen":1704110400000,"last_seen":1704196920000,)"
      R"("cohort_day":1704067200000,"sessions":2,"active_days":2,"page_views":2,"conversions":1,"revenue":1.5,)"
      R"("journey_type":"returning_visitor","journey_index":2})");
}

TEST_CASE("a user without a session has no record") {
  user_fixture f;
  f.take(news_of("a", noon));
  f.take(withdrawn(news_of("a", noon)));
  outbox out;
  put_user("shop|anna", f.user, f.r, out);
  CHECK(out.value(out.records().at(0)).empty());
}
