// Random runs with faults against the straight-line run of the same input. `weir_simulation --help` tells the
// options.
#include <fmt/format.h>
#include <sys/personality.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "pipeline/base/mutation.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

namespace weir::simulation {

namespace {

/// A merged session that was never published need not be; which ones were, the closing clock decides.
bool withdrawn(const std::string& session) { return session.find("\"withdrawn\":true") != std::string::npos; }

template <class Map>
std::string difference(const Map& got, const Map& want, const char* what) {
  for (const auto& [key, value] : want) {
    const auto found = got.find(key);
    if (found == got.end()) return fmt::format("{} {} is missing", what, key);
    if (found->second == value) continue;
    if constexpr (std::is_same_v<typename Map::mapped_type, std::string>) {
      const auto at =
          std::mismatch(value.begin(), value.end(), found->second.begin(), found->second.end()).first;
      const auto from = std::max<std::ptrdiff_t>(0, at - value.begin() - 40);
      return fmt::format("{} {} differs at ...{} expected ...{}\n  {}\nexpected\n  {}", what, key,
                         found->second.substr(static_cast<std::size_t>(from), 100),
                         value.substr(static_cast<std::size_t>(from), 100), found->second, value);
    }
    if constexpr (!std::is_same_v<typename Map::mapped_type, std::string>)
      return fmt::format("{} {} differs: {} records, expected {}:\n  {}\nexpected\n  {}", what, key,
                         found->second.size(), value.size(), fmt::join(found->second, "\n  "),
                         fmt::join(value, "\n  "));
  }
  for (const auto& [key, value] : got)
    if (!want.contains(key)) {
      if constexpr (std::is_same_v<typename Map::mapped_type, std::string>)
        return fmt::format("{} {} is there, expected nothing: {}", what, key, value);
      else
        return fmt::format("{} {} is there, expected nothing", what, key);
    }
  return {};
}

std::string check_revisions(const final_output& got) {
  for (const auto& [key, records] : got.revisions) {
    for (std::size_t i = 0; i < records.size(); ++i)
      if (records[i].find(fmt::format("\"revision\":{},", i + 1)) == std::string::npos &&
          records[i].find(fmt::format("\"revision\":{}}}", i + 1)) == std::string::npos)
        return fmt::format("session {}: publication {} has another revision: {}", key, i + 1, records[i]);
  }
  return {};
}

/// A record of zeros: it need not exist.
bool zeros(const std::string& record) {
  const auto begin = record.find("\"metrics\":{") + 11;
  const auto metrics = std::string_view(record).substr(begin, record.find('}', begin) - begin);
  for (auto at = metrics.find("\":"); at != std::string_view::npos; at = metrics.find("\":", at + 2)) {
    const auto value = metrics.substr(at + 2, 4);
    if (value != "null" && value.substr(0, 1) != "0") return false;
    if (value.substr(0, 2) == "0.") return false;
  }
  return true;
}

std::string compare(final_output got, final_output want) {
  const auto expired_below = std::max(got.users.expired_below, want.users.expired_below);
  for (auto* side : {&got, &want}) {
    std::erase_if(side->sessions, [](const auto& s) { return withdrawn(s.second); });
    std::erase_if(side->gold, [](const auto& g) { return zeros(g.second); });
    std::erase_if(side->users.last,
                  [&](const auto& u) { return number_field(u.second, "last_seen") < expired_below; });
  }
  for (const auto& why :
       {difference(got.ordered, want.ordered, "topic"), difference(got.sessions, want.sessions, "session"),
        difference(got.users.last, want.users.last, "user"), difference(got.gold, want.gold, "gold"),
        check_revisions(got)})
    if (!why.empty()) return why;
  return {};
}

std::string run_seed(std::uint64_t seed, fault_counts& faults) {
  const auto p = make_plan(seed);
  try {
    world faulty(p, true, {});
    const auto got = faulty.run();
    for (const auto& [name, n] : faulty.faults()) faults[name] += n;
    world straight(p, false, {got.buried.begin(), got.buried.end()});
    return compare(got, straight.run());
  } catch (const std::exception& x) {
    return x.what();
  }
}

constexpr const char* must_strike[] = {"crash",
                                       "crash with a commit in flight",
                                       "takeover by another node",
                                       "empty local store",
                                       "rejected commit",
                                       "unknown commit, committed",
                                       "unknown commit, lost",
                                       "stale local store after compaction",
                                       "wall clock moves",
                                       "rebalance",
                                       "hand-over in good order",
                                       "restore beside the lane",
                                       "lists reloaded",
                                       "redo",
                                       "value in parts",
                                       "session out of memory",
                                       "session back from the store",
                                       "poison record",
                                       "flaky record",
                                       "flaky record in a redo",
                                       "flaky session of a user in a redo",
                                       "rest",
                                       "another judge of alerts"};

int tell_faults(const fault_counts& faults, std::uint64_t seeds) {
  int missing = 0;
  for (const auto* name : must_strike) {
    const auto found = faults.find(name);
    const auto n = found == faults.end() ? 0 : found->second;
    fmt::print("{:8} times: {}\n", n, name);
    if (n == 0 && seeds >= 100) {
      fmt::print("this fault never struck: {}\n", name);
      ++missing;
    }
  }
  return missing;
}

int run(std::uint64_t first, std::uint64_t count, rule off) {
  if (off != rule::none) switch_off(off);
  fault_counts faults;
  for (auto seed = first; seed < first + count; ++seed) {
    const auto why = run_seed(seed, faults);
    if (why.empty()) continue;
    fmt::print("seed {} failed: {}\n", seed, why);
    if (off != rule::none) {
      fmt::print("noticed after {} seeds without the rule {}\n", seed - first + 1, to_string(off));
      return 0;
    }
    fmt::print("again: weir_simulation --seed {} --seeds 1\n", seed);
    return 1;
  }
  if (off != rule::none) {
    fmt::print("NOT noticed in {} seeds: the rule {} switched off\n", count, to_string(off));
    return 1;
  }
  const auto missing = tell_faults(faults, count);
  fmt::print("{} passed, {} failed\n", count, missing);
  return missing > 0 ? 1 : 0;
}

}  // namespace

}  // namespace weir::simulation

/// Addresses decide the order of hash tables: without a fixed layout a seed would not repeat.
void fix_addresses(char** argv) {
  const int now = personality(0xffffffff);
  if (now == -1 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) != -1) execv("/proc/self/exe", argv);
}

int main(int argc, char** argv) {
  fix_addresses(argv);
  CLI::App app{"Random runs of weir over the memory log, with faults, against the straight-line run"};
  std::uint64_t first = 1, count = 200;
  std::string off;
  app.add_option("--seed", first, "First seed")->capture_default_str();
  app.add_option("--seeds", count, "How many")->capture_default_str();
  app.add_option("--without", off, "Switch one rule of recovery off, and see it noticed");
  CLI11_PARSE(app, argc, argv);
  const auto which = weir::find_rule(off);
  if (!off.empty() && which == weir::rule::none) {
    fmt::print(stderr, "no rule {}\n", off);
    return 2;
  }
  return weir::simulation::run(first, count, which);
}
