#pragma once

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/enrich/agent_rules.hpp"

namespace weir {

/// One list of uap-core's rules under RE2, of which only those are tried whose atoms, texts without which
/// they cannot match, are in the agent.
class rule_list {
 public:
  /// Throws std::invalid_argument.
  explicit rule_list(const std::vector<agent_rule>& rules);

  struct found {
    const agent_rule& rule;
    std::vector<std::string_view> groups;  // the whole match first, then its groups; empty if they are none
  };
  /// The first rule that matches. `present`: the numbers of its atoms that the agent holds, ascending.
  std::optional<found> first(std::string_view agent, const std::vector<int>& present) const;

  const std::vector<std::string>& atoms() const { return atoms_; }

 private:
  std::vector<agent_rule> rules_;
  re2::FilteredRE2 filter_;
  std::vector<std::string> atoms_;
};

/// Finds which atoms of several lists an agent holds, all at once.
class atom_finder {
 public:
  explicit atom_finder(const std::vector<const rule_list*>& lists);
  /// By list: the numbers of its atoms.
  std::vector<std::vector<int>> find(std::string_view agent) const;

 private:
  struct place {
    std::size_t list;
    int atom;
  };
  std::size_t lists_;
  re2::RE2::Set set_;
  std::vector<std::vector<place>> places_;  // by the number in the set
};

/// Options that patterns of others are read with: no messages on standard error, and the memory that many
/// of them need together.
re2::RE2::Options quiet_options();

}  // namespace weir
