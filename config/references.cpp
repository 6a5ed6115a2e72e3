#include "config/references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "config/error.hpp"

namespace weir {

namespace {

constexpr std::string_view of_variable = "${env:", of_file = "${file:";

std::string variable(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  if (!value) throw config_error("the environment variable " + name + " is not set");
  return value;
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw config_error("the file " + path + " cannot be read");
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

/// What is replaced is not looked at again.
std::string resolve(std::string_view text) {
  std::string out;
  while (true) {
    const auto env = text.find(of_variable), file = text.find(of_file);
    const auto begin = std::min(env, file);
    out += text.substr(0, begin);
    if (begin == text.npos) return out;
    const auto end = text.find('}', begin);
    if (end == text.npos)
      throw config_error(fmt::format("expected a }} behind {}", env < file ? of_variable : of_file));
    const auto from = begin + (env < file ? of_variable : of_file).size();
    const std::string name(text.substr(from, end - from));
    out += env < file ? variable(name) : content(name);
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool config::is_reference(const std::string& text) {
  return (text.starts_with(of_variable) || text.starts_with(of_file)) && text.find('}') == text.size() - 1;
}

std::map<std::string, std::string> resolved_properties(const settings& s) {
  config::problems wrong;
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : s.kafka.properties) {
    try {
      out[name] = resolve(value);
    } catch (const config_error& x) {
      wrong.add("", "kafka.properties." + name, x.what());
    }
  }
  wrong.raise();
  return out;
}

}  // namespace weir
