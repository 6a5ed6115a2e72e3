#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/node.hpp"

namespace weir::config {

/// Reads one YAML document; `name` is its file in messages. With `lines` the origin of every value is
/// `name:line`, without it `name` alone. Throws config_error for what is not YAML, several documents, a key
/// given twice and a key that is no text.
node parse_yaml(const std::string& text, const std::string& name, bool lines = true);

/// Throws config_error also when the file cannot be read.
node read_yaml(const std::filesystem::path& file);

/// Comments by the path that they stand before.
using yaml_comments = std::map<std::string, std::string>;

/// Writes a tree as YAML, maps and lists of maps in block style.
std::string write_yaml(const node& root, const yaml_comments& comments = {});

/// A scalar or a small list or map on one line.
std::string write_inline(const node& value);

/// True when a text must be quoted so that YAML's readers take it for nothing but a text.
bool needs_quotes(std::string_view text);

}  // namespace weir::config
