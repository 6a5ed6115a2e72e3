#include "pipeline/enrich/agent_matcher.hpp"

#include <stdexcept>

#include "pipeline/enrich/agent_part.hpp"
#include "pipeline/enrich/rule_filter.hpp"

namespace weir {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr auto blanks = " \t\n\r\f\v";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view group(const rule_list::found& found, std::size_t number) {
  return number < found.groups.size() ? found.groups[number] : std::string_view();
}

std::string replaced(const std::string& replacement, const rule_list::found& found) {
  std::string text;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const auto is_group = replacement[i] == '$' && i + 1 < replacement.size() && replacement[i + 1] >= '1' &&
                          replacement[i + 1] <= '9';
    if (is_group)
      text.append(group(found, static_cast<std::size_t>(replacement[++i] - '0')));
    else
      text.push_back(replacement[i]);
  }
  return std::string(trimmed(text));
}

/// What a rule says: `by_default` is the group that stands for a replacement that it lacks, 0 for none.
template <std::size_t Size>
std::array<std::string, Size> said(const std::optional<rule_list::found>& found,
                                   const std::array<std::size_t, Size>& by_default) {
  std::array<std::string, Size> parts;
  if (!found) {
    parts[0] = "Other";
    return parts;
  }
  for (std::size_t i = 0; i < Size; ++i) {
    const auto& replacement = found->rule.replacements[i];
    if (replacement)
      parts[i] = replaced(*replacement, *found);
    else if (by_default[i] > 0)
      parts[i] = trimmed(group(*found, by_default[i]));
  }
  return parts;
}

/// `1.2.3` of the parts behind the family, up to the first that is not there.
template <std::size_t Size>
std::string version(const std::array<std::string, Size>& parts) {
  std::string joined;
  for (std::size_t i = 1; i < Size && !parts[i].empty(); ++i)
    joined.append(i > 1 ? "." : "").append(parts[i]);
  return joined;
}

struct type_rule {
  std::string type;
  device_type_rule::subject of;
  std::unique_ptr<re2::RE2> expression;
};

std::vector<type_rule> compile_types(const std::vector<device_type_rule>& rules) {
  std::vector<type_rule> compiled;
  for (const auto& rule : rules) {
    compiled.push_back({rule.type, rule.of, std::make_unique<re2::RE2>(rule.regex, quiet_options())});
    if (!compiled.back().expression->ok())
      throw std::invalid_argument("expected a regular expression of RE2's, got " + rule.regex);
  }
  return compiled;
}

}  // namespace

struct agent_matcher::compiled {
  explicit compiled(const agent_rules& rules)
      : browsers(rules.browsers),
        systems(rules.systems),
        devices(rules.devices),
        atoms({&browsers, &systems, &devices}),
        types(compile_types(rules.types)) {}

  std::string device_type(const agent_match& found) const {
    for (const auto& [type, of, expression] : types)
      if (re2::RE2::PartialMatch(subject(found, of), *expression)) return type;
    return {};
  }

  rule_list browsers, systems, devices;
  atom_finder atoms;
  std::vector<type_rule> types;

 private:
  static const std::string& subject(const agent_match& found, device_type_rule::subject of) {
    return of == device_type_rule::subject::os ? found.system[0] : found.device[static_cast<std::size_t>(of)];
  }
};

agent_matcher::agent_matcher(const agent_rules& rules) : compiled_(std::make_unique<compiled>(rules)) {}
agent_matcher::~agent_matcher() = default;

agent_match agent_matcher::match(std::string_view whole_agent) const {
  const auto agent = agent_part(whole_agent);
  const auto present = compiled_->atoms.find(agent);
  return {said<4>(compiled_->browsers.first(agent, present[0]), {1, 2, 3, 4}),
          said<5>(compiled_->systems.first(agent, present[1]), {1, 2, 3, 4, 5}),
          said<3>(compiled_->devices.first(agent, present[2]), {1, 0, 1})};
}

agent_facts agent_matcher::facts(std::string_view agent) const {
  auto found = match(agent);
  const auto named = [](std::string& family) {
    return family == "Other" ? std::string() : std::move(family);
  };
  agent_facts facts;
  facts.device_type = compiled_->device_type(found);
  facts.browser_version = version(found.browser);
  facts.os_version = version(found.system);
  facts.browser = named(found.browser[0]);
  facts.os = named(found.system[0]);
  facts.device_brand = std::move(found.device[1]);
  facts.device_model = std::move(found.device[2]);
  return facts;
}

}  // namespace weir
