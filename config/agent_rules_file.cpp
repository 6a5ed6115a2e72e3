#include "config/agent_rules_file.hpp"

#include <yaml-cpp/yaml.h>

#include <initializer_list>

#include "config/data_file.hpp"

namespace weir {

namespace {

/// One file being read: for messages.
class rules_reader {
 public:
  rules_reader(std::string file, const std::string& text) : file_(std::move(file)) {
    try {
      top_ = YAML::Load(text);
    } catch (const YAML::Exception& x) {
      fail(x.mark, x.msg);
    }
  }

  /// `replacements`: the names of those of a rule, in their order.
  std::vector<agent_rule> rules(const char* list, std::initializer_list<const char*> replacements) const {
    const auto items = top_.IsMap() ? top_[list] : YAML::Node();
    expect(top_, items && items.IsSequence(), std::string("a list called ") + list);
    std::vector<agent_rule> rules;
    for (const auto& item : items) {
      expect(item, item.IsMap() && item["regex"], "a map with `regex`");
      agent_rule rule{text_of(item["regex"]), false, {}};
      if (const auto flag = item["regex_flag"]) rule.ignore_case = text_of(flag) == "i";
      for (std::size_t i = 0; const auto* name : replacements) {
        if (const auto text = item[name]) rule.replacements[i] = text_of(text);
        ++i;
      }
      rules.push_back(std::move(rule));
    }
    return rules;
  }

  std::vector<device_type_rule> types() const {
    std::vector<device_type_rule> rules;
    expect(top_, top_.IsSequence(), "a list of rules");
    for (const auto& item : top_) {
      expect(item, item.IsMap() && item.size() == 2 && item["type"],
             "a map of `type` and of one of `device`, `brand`, `model`, `os`");
      device_type_rule rule{text_of(item["type"]), {}, {}};
      for (const auto& part : item)
        if (const auto name = text_of(part.first); name != "type") {
          rule.of = subject_of(part.first, name);
          rule.regex = text_of(part.second);
        }
      rules.push_back(std::move(rule));
    }
    return rules;
  }

 private:
  [[noreturn]] void fail(const YAML::Mark& at, const std::string& message) const {
    throw data_file_error(file_ + ":" + std::to_string(at.line + 1) + ": " + message);
  }
  void expect(const YAML::Node& node, bool holds, const std::string& what) const {
    if (!holds) fail(node.Mark(), "expected " + what);
  }
  std::string text_of(const YAML::Node& node) const {
    expect(node, node.IsScalar(), "a text");
    return node.Scalar();
  }
  device_type_rule::subject subject_of(const YAML::Node& node, const std::string& name) const {
    using subject = device_type_rule::subject;
    if (name == "device") return subject::device;
    if (name == "brand") return subject::brand;
    if (name == "model") return subject::model;
    expect(node, name == "os", "`device`, `brand`, `model` or `os`");
    return subject::os;
  }

  std::string file_;
  YAML::Node top_;
};

std::string built_in(std::string_view name) {
  return std::string(embedded_text(embedded_user_agents(), name));
}

}  // namespace

agent_rules agent_rules_of(const std::string& setting) {
  const bool own = setting != "default";
  const rules_reader uap(own ? setting : "regexes.yaml",
                         own ? read_data_file(setting) : built_in("regexes.yaml"));
  agent_rules rules;
  rules.browsers = uap.rules("user_agent_parsers",
                             {"family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"});
  rules.systems = uap.rules("os_parsers", {"os_replacement", "os_v1_replacement", "os_v2_replacement",
                                           "os_v3_replacement", "os_v4_replacement"});
  rules.devices =
      uap.rules("device_parsers", {"device_replacement", "brand_replacement", "model_replacement"});
  rules.types = rules_reader("device_types.yml", built_in("device_types.yml")).types();
  return rules;
}

}  // namespace weir
