#include "pipeline/enrich/rule_filter.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace weir {

namespace {
constexpr int shortest_atom = 3;
constexpr int most_groups = 9;
constexpr std::int64_t set_bytes = 64 << 20;

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return lower;
}
}  // namespace

re2::RE2::Options quiet_options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(set_bytes);
  return options;
}

rule_list::rule_list(const std::vector<agent_rule>& rules) : rules_(rules), filter_(shortest_atom) {
  for (const auto& rule : rules_) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(!rule.ignore_case);
    int id = 0;
    if (filter_.Add(rule.regex, options, &id) != re2::RE2::NoError)
      throw std::invalid_argument("expected a regular expression of RE2's, got " + rule.regex);
  }
  if (!rules_.empty()) filter_.Compile(&atoms_);
}

std::optional<rule_list::found> rule_list::first(std::string_view agent,
                                                 const std::vector<int>& present) const {
  if (rules_.empty()) return std::nullopt;
  const re2::StringPiece text(agent.data(), agent.size());
  const auto id = filter_.FirstMatch(text, present);
  if (id < 0) return std::nullopt;
  const auto& re = filter_.GetRE2(id);
  const auto groups = 1 + std::min(re.NumberOfCapturingGroups(), most_groups);
  std::array<re2::StringPiece, 1 + most_groups> parts;
  re.Match(text, 0, text.size(), re2::RE2::UNANCHORED, parts.data(), groups);
  found result{rules_[static_cast<std::size_t>(id)], {}};
  for (int i = 0; i < groups; ++i)
    result.groups.emplace_back(parts[static_cast<std::size_t>(i)].data(),
                               parts[static_cast<std::size_t>(i)].size());
  return result;
}

atom_finder::atom_finder(const std::vector<const rule_list*>& lists)
    : lists_(lists.size()), set_(quiet_options(), re2::RE2::UNANCHORED) {
  std::map<std::string, std::vector<place>> of_atom;
  for (std::size_t list = 0; list < lists.size(); ++list)
    for (int i = 0; const auto& atom : lists[list]->atoms()) of_atom[atom].push_back({list, i++});
  for (auto& [atom, places] : of_atom) {
    set_.Add(re2::RE2::QuoteMeta(atom), nullptr);
    places_.push_back(std::move(places));
  }
  if (!set_.Compile()) throw std::invalid_argument("expected rules that fit into memory");
}

std::vector<std::vector<int>> atom_finder::find(std::string_view agent) const {
  std::vector<std::vector<int>> present(lists_);
  std::vector<int> matched;
  if (places_.empty()) return present;
  set_.Match(lowered(agent), &matched);
  for (const auto number : matched)
    for (const auto& [list, atom] : places_[static_cast<std::size_t>(number)]) present[list].push_back(atom);
  for (auto& atoms : present) std::ranges::sort(atoms);
  return present;
}

}  // namespace weir
