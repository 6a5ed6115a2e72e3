#include "pipeline/kpi/partial.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <random>

#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

namespace {

struct flushed {
  std::vector<std::pair<std::string, std::string>> records;
  std::map<std::string, std::vector<std::string>> by_key() const {
    std::map<std::string, std::vector<std::string>> result;
    for (const auto& [key, value] : records) result[key].push_back(value);
    return result;
  }
};

flushed flush(partial_table& table) {
  flushed result;
  table.flush([&](std::string_view key, std::string_view value) { result.records.emplace_back(key, value); });
  return result;
}

void add_all(partial_table& table, const contributions& made, family fam) {
  for (const auto& c : made.of(fam)) table.add(c, made.additions(c));
}

void view(contributions& made, std::int64_t at, std::string_view site, std::string_view path,
          bool late = false, std::int64_t times = 1) {
  made.begin(family::pages, at, site, path);
  made.sum(0, times);
  if (late) made.late();
  made.end();
}

/// Adds the record up to cells and late counts of shard 0.
void collect(const std::string& bytes, std::map<cell_place, cell>& cells,
             std::map<std::int64_t, std::int64_t>& late) {
  const auto record = decode_partial(bytes);
  for (const auto& d : record.deltas) {
    cell_place place{record.fam, d.window, std::string(record.site), {}};
    for (std::size_t i = 0; i < 3; ++i) place.key[i] = d.key[i];
    cells[place].merge(d.data);
    CHECK(shard_of(record.fam, d.key[0], 8) == record.shard);
  }
  if (record.shard == 0)
    for (const auto& l : record.late) late[l.window] += l.events;
}

}  // namespace

TEST_CASE("the documented bytes of a partial record are what is written") {
  contributions made;
  partial_table table(family::pages, 1);
  view(made, window, "s", "/a", true);
  view(made, window, "s", "/a");
  add_all(table, made, family::pages);
  const auto out = flush(table);
  REQUIRE(out.records.size() == 1);
  CHECK(out.records[0].first == "s|pages|0");
  const std::string documented("\x01\x01\x00\x01s\x01\xc0\xcf\x24\x02\xc0\xcf\x24\x02/a\x01\x04\x00\x00\x00",
                               21);
  CHECK(out.records[0].second == documented);
  const auto record = decode_partial(documented);
  CHECK(record.site == "s");
  CHECK(record.fam == family::pages);
  CHECK(record.late.at(0).window == window);
  CHECK(record.late.at(0).events == 1);
  CHECK(record.deltas.at(0).window == window);
  CHECK(record.deltas.at(0).key[0] == "/a");
  CHECK(record.deltas.at(0).data.sum(0) == 2);
}

TEST_CASE("a table is empty after a flush, and its cells begin at zero again") {
  contributions made;
  partial_table table(family::pages, 1);
  CHECK(table.empty());
  CHECK(flush(table).records.empty());
  view(made, window, "s", "/a");
  made.begin(family::pages, window, "s", "/a");
  made.unique(0, 5);
  made.sample(0, 7);
  made.top(0, "x");
  made.end();
  add_all(table, made, family::pages);
  CHECK(!table.empty());
  CHECK(table.bytes() > 0);
  const auto once = flush(table);
  CHECK(table.empty());
  CHECK(table.bytes() == 0);
  add_all(table, made, family::pages);
  CHECK(flush(table).records == once.records);
}

TEST_CASE("cells that came to nothing are left out, late counts are not") {
  contributions made;
  partial_table table(family::pages, 1);
  view(made, window, "s", "/a", true);
  view(made, window, "s", "/a", false, -1);
  view(made, window, "t", "/a");
  view(made, window, "t", "/a", false, -1);
  add_all(table, made, family::pages);
  const auto out = flush(table);
  REQUIRE(out.records.size() == 1);
  const auto record = decode_partial(out.records[0].second);
  CHECK(record.deltas.empty());
  CHECK(record.late.size() == 1);
}

TEST_CASE("late events of a family are told to every shard, once") {
  contributions made;
  partial_table table(family::pages, 8);
  view(made, 2 * window, "s", "/a", true);
  view(made, window, "s", "/b", true);
  view(made, window, "s", "/a", true);
  view(made, window, "other", "/a");
  add_all(table, made, family::pages);
  const auto out = flush(table).by_key();
  for (unsigned shard = 0; shard < 8; ++shard) {
    const auto found = out.find("s|pages|" + std::to_string(shard));
    REQUIRE(found != out.end());
    REQUIRE(found->second.size() == 1);
    const auto record = decode_partial(found->second[0]);
    REQUIRE(record.late.size() == 2);
    CHECK(record.late[0].window == window);
    CHECK(record.late[0].events == 2);
    CHECK(record.late[1].window == 2 * window);
    CHECK(record.late[1].events == 1);
  }
  CHECK(out.size() == 9);
}

TEST_CASE("families without shards have shard 0") {
  contributions made;
  partial_table table(family::geo, 8);
  for (const auto* country : {"DE", "FR", "IT"}) {
    made.begin(family::geo, window, "s", country, "x");
    made.sum(0, 1);
    made.end();
  }
  add_all(table, made, family::geo);
  const auto out = flush(table);
  REQUIRE(out.records.size() == 1);
  CHECK(out.records[0].first == "s|geo|0");
  CHECK(decode_partial(out.records[0].second).deltas.size() == 3);
}

TEST_CASE("records are cut at 256 KiB, a larger cell goes alone") {
  contributions made;
  partial_table table(family::pages, 1);
  const std::string tail(1000, 'x');
  for (int i = 0; i < 1000; ++i) view(made, window, "s", "/" + std::to_string(i) + tail, i == 0);
  made.begin(family::pages, window, "s", "/large");
  for (int i = 0; i < 1200; ++i) made.top(0, std::to_string(i) + tail.substr(0, 250));
  made.end();
  add_all(table, made, family::pages);
  const auto out = flush(table);
  CHECK(out.records.size() >= 5);
  std::size_t deltas = 0, late = 0;
  for (const auto& [key, value] : out.records) {
    const auto record = decode_partial(value);
    CHECK((value.size() <= 256 * 1024 || record.deltas.size() == 1));
    deltas += record.deltas.size();
    late += record.late.size();
  }
  CHECK(deltas == 1001);
  CHECK(late == 1);
}

TEST_CASE("what a table sends does not depend on the order of additions") {
  std::mt19937 random(3);
  contributions made;
  for (int i = 0; i < 500; ++i)
    view(made, window * (1 + random() % 3), random() % 2 ? "s" : "t", "/" + std::to_string(random() % 50),
         random() % 9 == 0);
  partial_table forward(family::pages, 8), backward(family::pages, 8);
  forward.add(made);
  const auto& all = made.of(family::pages);
  for (auto i = all.rbegin(); i != all.rend(); ++i) backward.add(*i, made.additions(*i));
  CHECK(flush(forward).records == flush(backward).records);
}

TEST_CASE("partials add up to what was contributed, however often they are flushed") {
  CHECK(rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    contributions made;
    partial_table table(family::pages, 8);
    std::map<cell_place, cell> expected, sent;
    std::map<std::int64_t, std::int64_t> expected_late, sent_late;
    for (int round = 0; round < 5; ++round) {
      for (auto n = random() % 30; n > 0; --n) {
        const auto at = window * static_cast<std::int64_t>(random() % 3);
        const auto late = random() % 4 == 0;
        const auto path = std::to_string(random() % 6);
        made.begin(family::pages, at, "s", path);
        made.sum(static_cast<std::uint8_t>(random() % 3), static_cast<std::int64_t>(random() % 5) - 2);
        made.sample(0, random() % 9, static_cast<int>(random() % 3) - 1);
        made.unique(0, random());
        made.top(0, std::to_string(random() % 3), 1);
        if (late) made.late(), ++expected_late[at];
        made.end();
        const auto& c = made.of(family::pages).back();
        expected[{family::pages, at, "s", {path}}].add(made.additions(c), c.count);
      }
      add_all(table, made, family::pages);
      made.clear();
      if (random() % 2)
        for (const auto& [_, value] : flush(table).records) collect(value, sent, sent_late);
    }
    for (const auto& [_, value] : flush(table).records) collect(value, sent, sent_late);
    std::erase_if(expected, [](const auto& x) { return x.second.zero(); });
    std::erase_if(sent, [](const auto& x) { return x.second.zero(); });
    RC_ASSERT(expected_late == sent_late);
    RC_ASSERT(expected.size() == sent.size());
    for (const auto& [place, c] : expected) RC_ASSERT(equal(c, sent.at(place)));
  }));
}

TEST_CASE("garbage is no partial record") {
  contributions made;
  partial_table table(family::pages, 1);
  for (int i = 0; i < 20; ++i) view(made, window, "s", "/" + std::to_string(i), true);
  add_all(table, made, family::pages);
  const auto good = flush(table).records.at(0).second;
  for (std::size_t size = 0; size < 8; ++size)
    CHECK_THROWS_AS(decode_partial(good.substr(0, size)), decode_error);
  CHECK_THROWS_AS(decode_partial("\x02" + good.substr(1)), decode_error);
  CHECK_THROWS_AS(decode_partial("\x01\x63" + good.substr(2)), decode_error);
  CHECK(rc::check([&](unsigned seed) {
    std::mt19937 random(seed);
    auto bytes = good;
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    try {
      decode_partial(bytes);
    } catch (const decode_error&) {
    }
  }));
}
