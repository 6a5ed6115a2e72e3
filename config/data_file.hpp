#pragma once

#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "config/embedded.hpp"

namespace weir {

/// What is wrong with a file of data: `file:line: expected .., got ..` or `file: ..`.
struct data_file_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The text of a file. Throws data_file_error when it cannot be read.
std::string read_data_file(const std::filesystem::path& path);

/// The text of one of the files that are built in.
std::string_view embedded_text(std::span<const embedded_file> files, std::string_view name);

}  // namespace weir
