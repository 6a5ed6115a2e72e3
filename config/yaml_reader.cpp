#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "config/error.hpp"
#include "config/yaml.hpp"

namespace weir::config {
namespace {

// Deeper than any setting; an alias that holds itself would never end.
constexpr int deepest = 24;

class converter {
 public:
  converter(const std::string& name, bool lines) : name_(name), lines_(lines) {}

  node convert(const YAML::Node& from, int depth = 0) const {
    if (depth > deepest) throw config_error(place(from.Mark()) + ": nested too deeply");
    node made = empty(from.Type());
    made.origin = place(from.Mark());
    if (from.IsScalar()) {
      made.text = from.Scalar();
      made.quoted = from.Tag() == "!";
    } else if (from.IsSequence()) {
      for (const auto& item : from) made.children.push_back(convert(item, depth + 1));
    } else if (from.IsMap()) {
      for (const auto& entry : from) add_entry(made, entry.first, entry.second, depth);
    }
    return made;
  }

  std::string place(const YAML::Mark& mark) const {
    return lines_ && mark.line >= 0 ? fmt::format("{}:{}", name_, mark.line + 1) : name_;
  }

 private:
  static node empty(YAML::NodeType::value type) {
    if (type == YAML::NodeType::Sequence) return node::list();
    if (type == YAML::NodeType::Map) return node::map();
    return type == YAML::NodeType::Scalar ? node::scalar({}) : node();
  }

  void add_entry(node& to, const YAML::Node& key, const YAML::Node& value, int depth) const {
    const auto at = place(key.Mark());
    if (!key.IsScalar()) throw config_error(at + ": a key must be a text");
    const auto* before = to.find(key.Scalar());
    if (before)
      throw config_error(fmt::format("{}: {}: given twice, first at {}", at, key.Scalar(), before->origin));
    to.add(key.Scalar(), convert(value, depth + 1)).origin = at;
  }

  const std::string& name_;
  bool lines_;
};

}  // namespace

node parse_yaml(const std::string& text, const std::string& name, bool lines) {
  const converter convert(name, lines);
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1) throw config_error(name + ": expected one YAML document, got several");
    return documents.empty() ? node() : convert.convert(documents.front());
  } catch (const YAML::Exception& e) {
    throw config_error(fmt::format("{}: not YAML: {}", convert.place(e.mark), e.msg));
  }
}

node read_yaml(const std::filesystem::path& file) {
  std::error_code ignored;
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file, ignored))
    throw config_error(
        fmt::format("{}: cannot be read: {}", file.string(), in ? "a folder" : std::strerror(errno)));
  std::ostringstream text;
  text << in.rdbuf();
  return parse_yaml(text.str(), file.string());
}

}  // namespace weir::config
