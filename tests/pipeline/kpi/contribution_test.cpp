#include "pipeline/kpi/contribution.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipeline/session/session.hpp"

using namespace weir;

namespace {

const contribution& first(const contributions& made, family fam) { return made.of(fam).front(); }

}  // namespace

TEST_CASE("a contribution without additions is dropped") {
  contributions made;
  made.begin(family::site, 0, "s");
  made.sum(0, 0);
  made.end();
  CHECK(made.empty());
  CHECK(made.of(family::site).empty());
  CHECK(made.made() == digest{});
}

TEST_CASE("a contribution to a family that is not computed is dropped, and not counted") {
  contributions made;
  made.only(family_set().set(static_cast<std::size_t>(family::pages)));
  for (const auto fam : {family::site, family::pages}) {
    made.begin(fam, 0, "s", "/a");
    made.sum(0, 1);
    made.end();
  }
  CHECK(made.of(family::site).empty());
  CHECK(made.of(family::pages).size() == 1);
  CHECK(made.made().count == 1);
}

TEST_CASE("empty parts of a key become (none), as many as the family has") {
  contributions made;
  made.begin(family::sources, 0, "s", "", "b");
  made.sum(0, 1);
  made.end();
  const auto& c = first(made, family::sources);
  CHECK(c.key == std::array<std::string_view, 3>{"(none)", "b", "(none)"});
  made.begin(family::pages, 0, "s", "/a");
  made.sum(0, 1);
  made.end();
  CHECK(first(made, family::pages).key == std::array<std::string_view, 3>{"/a", "", ""});
}

TEST_CASE("texts are copied") {
  contributions made;
  std::string site = "site", path = "/path", text = "referrer";
  made.begin(family::pages, 0, site, path);
  made.top(0, text);
  text = "xxxxxxxx";
  made.end();
  site = path = "xxxxx";
  const auto& c = first(made, family::pages);
  CHECK(c.site == "site");
  CHECK(c.key[0] == "/path");
  CHECK(made.additions(c)->text == "referrer");
}

TEST_CASE("overlong keys and texts are cut at a code point") {
  contributions made;
  std::string path(text_kept - 1, 'x'), text(255, 'x');
  path += "ä";
  text += "ä";
  made.begin(family::pages, 0, "s", path);
  made.top(0, text);
  made.end();
  const auto& c = first(made, family::pages);
  CHECK(c.key[0] == path.substr(0, text_kept - 1));
  CHECK(made.additions(c)->text == text.substr(0, 255));
}

TEST_CASE("keys of the same texts in other parts have other hashes") {
  contributions made;
  for (const auto& [a, b] : {std::pair{"ab", "c"}, std::pair{"a", "bc"}}) {
    made.begin(family::geo, 0, "s", a, b);
    made.sum(0, 1);
    made.end();
  }
  CHECK(made.of(family::geo)[0].hash != made.of(family::geo)[1].hash);
}

TEST_CASE("with sign -1 sums, samples and tops are taken back") {
  contributions made;
  made.sign(-1);
  made.begin(family::pages, 0, "s", "/a");
  made.sum(3, 5);
  made.sample(0, 1.5, 2);
  made.top(1, "DE");
  made.end();
  const auto* a = made.additions(first(made, family::pages));
  CHECK(a[0].sum == -5);
  CHECK(a[1].value == 1.5);
  CHECK(a[1].times == -2);
  CHECK(a[2].times == -1);
}

TEST_CASE("what is dropped is counted like what is kept") {
  contributions kept, dropped;
  dropped.drop(true);
  for (auto* made : {&kept, &dropped}) {
    made->begin(family::pages, 300'000, "s", "/a");
    made->sum(3, 5);
    made->top(1, "DE");
    made->unique(0, 77);
    made->end();
  }
  CHECK(dropped.empty());
  CHECK(dropped.of(family::pages).empty());
  CHECK(kept.made() == dropped.made());
  CHECK(kept.made().count > 0);
  kept.clear();
  CHECK(kept.empty());
  CHECK(kept.made() == dropped.made());
}

TEST_CASE("what is not owed has no part in the digest, and the next contribution has") {
  contributions made, owed;
  made.begin(family::quality, 0, "(all)", "topic");
  made.not_owed();
  made.sample(0, 1.5);
  made.end();
  CHECK(made.made() == digest{});
  CHECK(made.of(family::quality).size() == 1);
  for (auto* m : {&made, &owed}) {
    m->begin(family::pages, 0, "s", "/a");
    m->sum(0, 1);
    m->end();
  }
  CHECK(made.made() == owed.made());
}

TEST_CASE("the digest sees windows, keys, slots and values") {
  const auto digest_of = [](std::int64_t window, std::string_view key, std::uint8_t slot, std::int64_t x) {
    contributions made;
    made.begin(family::pages, window, "s", key);
    made.sum(slot, x);
    made.end();
    return made.made().sum;
  };
  const auto one = digest_of(0, "/a", 0, 1);
  CHECK(one == digest_of(0, "/a", 0, 1));
  CHECK(one != digest_of(300'000, "/a", 0, 1));
  CHECK(one != digest_of(0, "/b", 0, 1));
  CHECK(one != digest_of(0, "/a", 1, 1));
  CHECK(one != digest_of(0, "/a", 0, 2));
}
