#include "pipeline/sketch/ddsketch.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/pipeline/sketch/garbage.hpp"

using namespace weir;
using namespace weir::test;

namespace {

constexpr double tolerance = 0.01 + 1e-9;
constexpr std::size_t memory_limit = 16 * 1024;

struct weighted {
  double value;
  std::int64_t times;
};

/// Values of every size that is told apart, and beyond.
double some_value() {
  const auto exponent = *rc::gen::inRange(-5000, 14000);
  return *rc::gen::inRange(0, 12) == 0 ? -double(exponent) : std::pow(10, exponent / 1000.0);
}

std::vector<weighted> some_additions(bool take_back) {
  std::vector<weighted> additions(*rc::gen::inRange<std::size_t>(0, 120));
  for (auto& x : additions) x = {some_value(), *rc::gen::inRange<std::int64_t>(take_back ? -3 : 1, 4)};
  return additions;
}

ddsketch sketch_of(const std::vector<weighted>& additions) {
  ddsketch sketch;
  for (const auto& x : additions) sketch.add(x.value, x.times);
  return sketch;
}

double clamped(double value) { return value > 0 ? std::clamp(value, 1e-3, 1e12) : 0; }

double exact_quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return clamped(values[static_cast<std::size_t>(q * double(values.size() - 1))]);
}

bool near(double a, double exact) { return std::fabs(a - exact) <= tolerance * exact; }

}  // namespace

TEST_CASE("an empty sketch has no quantile") {
  const ddsketch sketch;
  CHECK(sketch.empty());
  CHECK(sketch.count() == 0);
  CHECK(std::isnan(sketch.quantile(0.5)));
  CHECK(decoded<ddsketch>(encoded(sketch)) == sketch);
}

TEST_CASE("a quantile is the value at rank floor(q (n - 1)), not one between") {
  ddsketch sketch;
  for (const double value : {10, 20, 30, 40}) sketch.add(value);
  CHECK(near(sketch.quantile(0), 10));
  CHECK(near(sketch.quantile(0.33), 10));
  CHECK(near(sketch.quantile(0.34), 20));
  CHECK(near(sketch.quantile(0.5), 20));
  CHECK(near(sketch.quantile(0.99), 30));
  CHECK(near(sketch.quantile(1), 40));
}

TEST_CASE("a q out of range is the nearest in range") {
  ddsketch sketch;
  sketch.add(1);
  sketch.add(1000);
  CHECK(near(sketch.quantile(-1), 1));
  CHECK(near(sketch.quantile(std::nan("")), 1));
  CHECK(near(sketch.quantile(7), 1000));
}

TEST_CASE("zero and below count as zero") {
  ddsketch sketch;
  for (const double value : {0.0, -0.0, -5.0, -std::numeric_limits<double>::infinity()}) sketch.add(value);
  sketch.add(std::nan(""));
  CHECK(sketch.count() == 5);
  CHECK(sketch.quantile(1) == 0);
  CHECK(sketch.memory() <= sizeof(ddsketch) + sizeof(std::int64_t));
}

TEST_CASE("values beyond the range are clamped") {
  ddsketch sketch;
  sketch.add(1e-300);
  sketch.add(std::numeric_limits<double>::infinity());
  CHECK(near(sketch.quantile(0), 1e-3));
  CHECK(near(sketch.quantile(1), 1e12));
  ddsketch limits;
  limits.add(1e-3);
  limits.add(1e12);
  CHECK(sketch == limits);
}

TEST_CASE("taking back everything leaves an empty sketch, in either order") {
  ddsketch sketch;
  sketch.add(120, -2);
  CHECK(sketch.count() == -2);
  CHECK(!sketch.empty());
  CHECK(std::isnan(sketch.quantile(0.5)));
  sketch.add(120, 2);
  CHECK(sketch.empty());
  sketch.add(7, 0);
  CHECK(sketch.empty());
}

TEST_CASE("quantiles leave negative counts out") {
  ddsketch sketch;
  sketch.add(10, 3);
  sketch.add(1000, -5);
  CHECK(near(sketch.quantile(0), 10));
  CHECK(near(sketch.quantile(1), 10));
}

TEST_CASE("no sketch has more than 1,729 buckets") {
  ddsketch sketch;
  for (double value = 1e-4; value < 1e13; value *= 1.005) sketch.add(value);
  sketch.add(0);
  CHECK(encoded(sketch).substr(0, 3) == "\x01\xc1\x0d");
  CHECK(decoded<ddsketch>(encoded(sketch)) == sketch);
}

TEST_CASE("a quantile is within 1 % of the exact value at its rank") {
  CHECK(rc::check([] {
    ddsketch sketch;
    std::vector<double> values(*rc::gen::inRange<std::size_t>(1, 300));
    for (auto& value : values) sketch.add(value = some_value());
    for (const double q : {0.0, 0.25, 0.5, 0.9, 0.95, 0.99, 1.0})
      RC_ASSERT(near(sketch.quantile(q), exact_quantile(values, q)));
    RC_ASSERT(sketch.count() == std::int64_t(values.size()));
  }));
}

TEST_CASE("a quantile of many values is within 1 %, too") {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> load_time(7, 1.5);
  ddsketch sketch;
  std::vector<double> values(200'000);
  for (auto& value : values) sketch.add(value = std::floor(load_time(random)));
  for (const double q : {0.001, 0.5, 0.9, 0.99, 0.99999})
    CHECK(near(sketch.quantile(q), exact_quantile(values, q)));
}

TEST_CASE("merge adds, commutes and associates, also what is taken back") {
  CHECK(rc::check([] {
    const auto x = some_additions(true), y = some_additions(true), z = some_additions(true);
    const auto a = sketch_of(x), b = sketch_of(y), c = sketch_of(z);
    auto ab = a, ba = b, bc = b;
    ab.merge(b);
    ba.merge(a);
    bc.merge(c);
    RC_ASSERT(ab == ba);
    auto left = ab, right = a;
    left.merge(c);
    right.merge(bc);
    RC_ASSERT(left == right);
    auto all = x;
    all.insert(all.end(), y.begin(), y.end());
    all.insert(all.end(), z.begin(), z.end());
    std::shuffle(all.begin(), all.end(), std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
    RC_ASSERT(left == sketch_of(all));
  }));
}

TEST_CASE("what was added can be taken back") {
  CHECK(rc::check([] {
    const auto kept = some_additions(true), gone = some_additions(false);
    auto sketch = sketch_of(kept);
    sketch.merge(sketch_of(gone));
    auto negated = gone;
    for (auto& x : negated) x.times = -x.times;
    sketch.merge(sketch_of(negated));
    RC_ASSERT(sketch == sketch_of(kept));
  }));
}

TEST_CASE("merging a sketch with itself doubles it") {
  ddsketch sketch, twice;
  for (int value = 0; value < 500; ++value) {
    sketch.add(value);
    twice.add(value, 2);
  }
  sketch.merge(sketch);
  CHECK(sketch == twice);
}

TEST_CASE("counts wrap around instead of overflowing") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  ddsketch sketch;
  sketch.add(5, most);
  sketch.add(5, most);
  sketch.add(5, 2);
  CHECK(sketch.empty());
}

TEST_CASE("a sketch survives its encoding") {
  CHECK(rc::check([] {
    const auto sketch = sketch_of(some_additions(true));
    RC_ASSERT(decoded<ddsketch>(encoded(sketch)) == sketch);
  }));
}

TEST_CASE("the bytes are those of the documentation") {
  ddsketch sketch;
  for (const double value : {0, 120, 120, 2500}) sketch.add(value);
  const std::string_view documented("\x01\x03\x00\x02\xc9\x04\x04\x97\x01\x02", 10);
  CHECK(encoded(sketch) == documented);
  CHECK(decoded<ddsketch>(documented) == sketch);
}

TEST_CASE("bytes out of form are refused") {
  const auto refused = [](std::string_view bytes) {
    CHECK_THROWS_AS(decoded<ddsketch>(bytes), decode_error);
  };
  refused("");
  refused({"\x02\x00", 2});                                       // version
  refused({"\x01\x01\x00\x00", 4});                               // a count of 0
  refused({"\x01\x01\xc1\x0d\x02", 5});                           // slot 1,729
  refused({"\x01\x02\x00\x02\xc0\x0d\x02", 7});                   // slot 0, then 1,729
  refused("\x01\xff\xff\xff\xff\x0f");                            // more buckets than bytes
  refused("\x01\xc2\x0d" + std::string(2 * 1730, '\x02'));        // 1,730 buckets
  refused({"\x01\x01\x00\x80\x80\x80\x80\x80\x80\x80\x20", 11});  // 2^52
}

TEST_CASE("garbage is refused or is a sound ddsketch") {
  CHECK(rc::check([] {
    const auto bytes = damaged(encoded(sketch_of(some_additions(true))));
    RC_ASSERT(refused_or_sound<ddsketch>(bytes, memory_limit));
  }));
  CHECK(rc::check([] { RC_ASSERT(refused_or_sound<ddsketch>(versioned_noise(), memory_limit)); }));
}

TEST_CASE("quantiles are those of the reference implementation") {
  std::ifstream file(WEIR_SOURCE_DIR "/tests/data/sketches/ddsketch_reference.txt");
  std::string name;
  std::size_t values = 0, quantiles = 0;
  int sets = 0;
  for (; file >> name >> values >> quantiles; ++sets) {
    CAPTURE(name);
    ddsketch sketch;
    for (double value; values > 0 && file >> value; --values) sketch.add(value);
    for (double q, expected; quantiles > 0 && file >> q >> expected; --quantiles)
      CHECK(sketch.quantile(q) == doctest::Approx(expected).epsilon(1e-12));
  }
  CHECK(sets == 5);
}
