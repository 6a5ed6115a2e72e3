#include "pipeline/kpi/window_cell.hpp"

#include <doctest/doctest.h>

#include "tests/pipeline/kpi/random_cells.hpp"

using namespace weir;

namespace {

constexpr std::size_t family_at = 1, size_at = 18;  // of a key: behind the w; and behind end and start

std::string key_of_a_cell() {
  return cell_state_key(
      {{granularity::local_day, -5, 300'000}, family::devices, 3, "shop", {"mobile", "", "x"}});
}

}  // namespace

TEST_CASE("a window cell is read back as it was") {
  for (unsigned i = 0; i < 32; ++i) {
    window_cell w;
    w.data = kpi_test::random_cell(i);
    w.changed = i & 1, w.fed = i & 2, w.told_events_final = i & 4, w.told_final = i & 8, w.told = i & 16;
    std::string bytes, again;
    w.encode(bytes);
    const auto copy = window_cell::decode(bytes);
    copy.encode(again);
    CHECK(again == bytes);
    CHECK((copy.changed == w.changed && copy.fed == w.fed && copy.told == w.told));
    CHECK((copy.told_events_final == w.told_events_final && copy.told_final == w.told_final));
  }
}

TEST_CASE("a window cell of another format, with other flags, cut short or with more behind is refused") {
  std::string bytes;
  window_cell().encode(bytes);
  for (const auto& bad : {'\2' + bytes.substr(1), bytes.substr(0, 1) + '\x20' + bytes.substr(2),
                          bytes.substr(0, bytes.size() - 1), bytes + 'x', std::string()})
    CHECK_THROWS_AS(window_cell::decode(bad), decode_error);
}

TEST_CASE("the name of a cell's state is read back from its key") {
  const auto key = key_of_a_cell();
  const auto name = parse_cell_state_key(key);
  CHECK(name.window.size == granularity::local_day);
  CHECK(name.window.start == -5);
  CHECK(name.window.end == 300'000);
  CHECK(name.fam == family::devices);
  CHECK(name.shard == 3);
  CHECK(name.site == "shop");
  CHECK(name.key == std::array<std::string_view, 3>{"mobile", "", "x"});
}

TEST_CASE("a cell's key of no family or granularity is refused") {
  for (const auto at : {size_at, family_at}) {
    auto key = key_of_a_cell();
    key[at] = at == size_at ? '\5' : static_cast<char>(families);
    CHECK_THROWS_AS(parse_cell_state_key(key), decode_error);
  }
}
