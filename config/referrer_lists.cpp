#include "config/referrer_lists.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "config/embedded.hpp"

namespace weir {

namespace {

/// Which file fills which list.
struct list_file {
  std::string_view name;
  std::vector<referrer_entry> referrer_lists::*list;
  bool may_be_missing = false;
};

constexpr std::array<list_file, 6> list_files{{{"SearchEngines.yml", &referrer_lists::search_engines},
                                               {"Socials.yml", &referrer_lists::social_networks},
                                               {"AIAssistants.yml", &referrer_lists::ai_assistants},
                                               {"assistants.yml", &referrer_lists::ai_assistants, true},
                                               {"webmail.yml", &referrer_lists::webmail},
                                               {"ad_networks.yml", &referrer_lists::ad_networks}}};

/// One file being read: for messages.
class list_reader {
 public:
  explicit list_reader(std::string_view file) : file_(file) {}

  std::vector<referrer_entry> read(const std::string& text) const {
    try {
      return read_names(YAML::Load(text));
    } catch (const YAML::Exception& e) {
      fail(e.mark, e.msg);
    }
  }

 private:
  [[noreturn]] void fail(const YAML::Mark& at, const std::string& message) const {
    throw referrer_lists_error(file_ + ":" + std::to_string(at.line + 1) + ": " + message);
  }

  void expect(const YAML::Node& node, bool holds, const char* what) const {
    if (!holds) fail(node.Mark(), std::string("expected ") + what);
  }

  /// The text as written: a bare `1.cz`, `no` or `y` is a name here, never a number or a boolean.
  std::string text_of(const YAML::Node& node) const {
    expect(node, node.IsScalar() && !node.Scalar().empty(), "a text");
    return node.Scalar();
  }

  std::vector<std::string> texts_of(const YAML::Node& node) const {
    expect(node, node.IsSequence(), "a list of texts");
    std::vector<std::string> texts;
    for (const auto& item : node) texts.push_back(text_of(item));
    return texts;
  }

  std::vector<referrer_entry> read_names(const YAML::Node& top) const {
    expect(top, top.IsMap(), "names with lists of hosts");
    std::vector<referrer_entry> entries;
    for (const auto& name : top) read_groups(text_of(name.first), name.second, entries);
    return entries;
  }

  /// Plain hosts of a name make one entry, each group with `urls` makes its own.
  void read_groups(const std::string& name, const YAML::Node& groups,
                   std::vector<referrer_entry>& out) const {
    expect(groups, groups.IsSequence(), "a list of hosts or of groups with `urls`");
    referrer_entry plain{name, {}, {}};
    for (const auto& item : groups) {
      if (item.IsMap()) {
        out.push_back(read_group(name, item));
      } else {
        plain.urls.push_back(text_of(item));
      }
    }
    if (!plain.urls.empty()) out.push_back(std::move(plain));
  }

  referrer_entry read_group(const std::string& name, const YAML::Node& group) const {
    referrer_entry entry{name, {}, {}};
    const auto urls = group["urls"];
    expect(group, urls.IsDefined(), "`urls` in the group");
    entry.urls = texts_of(urls);
    if (const auto params = group["params"]) entry.params = texts_of(params);
    return entry;
  }

  std::string file_;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw referrer_lists_error(path.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

void append(std::vector<referrer_entry>&& entries, std::vector<referrer_entry>& to) {
  std::ranges::move(entries, std::back_inserter(to));
}

std::string embedded_text(std::string_view name) {
  const auto files = embedded_referrers();
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
  if (found == files.end()) throw referrer_lists_error(std::string(name) + ": is not built in");
  return std::string(found->text);
}

}  // namespace

referrer_lists load_referrer_lists(const std::filesystem::path& dir) {
  referrer_lists lists;
  for (const auto& [name, list, may_be_missing] : list_files) {
    const auto path = dir / name;
    if (may_be_missing && !std::filesystem::exists(path)) continue;
    append(list_reader(path.string()).read(read_file(path)), lists.*list);
  }
  return lists;
}

referrer_lists default_referrer_lists() {
  referrer_lists lists;
  for (const auto& [name, list, _] : list_files)
    append(list_reader(name).read(embedded_text(name)), lists.*list);
  return lists;
}

referrer_lists referrer_lists_of(const std::string& setting) {
  return setting == "default" ? default_referrer_lists() : load_referrer_lists(setting);
}

}  // namespace weir
