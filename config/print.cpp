#include "config/print.hpp"

#include "config/references.hpp"
#include "config/schema.hpp"
#include "config/yaml.hpp"

namespace weir {
namespace {

constexpr std::string_view head =
    R"(# The settings of weir with their defaults; docs/configuration.md tells more.
# A duration is a whole number and ms, s, m, h or d, or 0; a size a whole number and KiB, MiB or GiB.
# Laid over it: environments/NAME.yaml, then variables like WEIR_COMMIT_INTERVAL, then --set commit.interval=1s.

)";

config::node& at_path(config::node& root, std::string_view path) {
  auto* at = &root;
  for (std::size_t dot = 0; (dot = path.find('.')) != path.npos; path.remove_prefix(dot + 1))
    at = &at->at(path.substr(0, dot));
  return at->at(path);
}

bool is_secret(std::string_view property) {
  for (const std::string_view part : {"password", "secret", ".key", "token", "oauthbearer.config"})
    if (property.find(part) != property.npos) return true;
  return false;
}

void mask_secrets(config::node& root) {
  for (auto& property : at_path(root, "kafka.properties").children)
    if (is_secret(property.key) && !config::is_reference(property.text))
      property.text = "***", property.quoted = true;
}

config::node printable(const settings& s) {
  auto tree = config::to_tree(s);
  mask_secrets(tree);
  return tree;
}

std::string wrap(std::string text, std::size_t width = 100) {
  for (std::size_t begin = 0; text.size() - begin > width;) {
    const auto blank = text.rfind(' ', begin + width);
    if (blank == text.npos || blank <= begin) break;
    text[blank] = '\n';
    begin = blank + 1;
  }
  return text;
}

config::yaml_comments comments() {
  config::yaml_comments out;
  for (const auto& f : config::schema()) out[f.name] = wrap(f.meaning + " (" + f.type + ")");
  for (const auto& s : config::sections()) {
    auto& text = out[std::string(s.name)];
    text = wrap(std::string(s.meaning));
    if (!s.example.empty()) (text += '\n') += s.example;
  }
  return out;
}

}  // namespace

config::node config::to_tree(const settings& s) {
  auto root = node::map();
  for (const auto& part : sections()) root.at(part.name);
  for (const auto& f : schema()) {
    auto& to = at_path(root, f.name);
    auto key = to.key;
    to = f.write(s);
    to.key = std::move(key);
  }
  return root;
}

std::string print_settings(const settings& s) { return write_yaml(printable(s)); }

std::string print_commented(const settings& s) {
  return std::string(head) + write_yaml(printable(s), comments());
}

}  // namespace weir
