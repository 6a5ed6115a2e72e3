#include "config/data_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace weir {

std::string read_data_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw data_file_error(path.string() + ": cannot be read: " + std::strerror(errno));
  return text;
}

std::string_view embedded_text(std::span<const embedded_file> files, std::string_view name) {
  const auto found = std::ranges::find(files, name, &embedded_file::name);
  if (found == files.end()) throw data_file_error(std::string(name) + ": is not built in");
  return found->text;
}

}  // namespace weir
