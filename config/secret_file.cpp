#include "config/secret_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/error.hpp"

namespace weir {

std::string read_secret(std::string_view setting, const std::string& path) {
  if (path.empty()) return {};
  const auto refuse = [&](const std::string& why) {
    throw config_error(fmt::format("{}: expected a file with a secret, {}", setting, why));
  };
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) refuse(path + " is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path + " cannot be read: " + std::strerror(errno));
  std::string secret(std::istreambuf_iterator<char>(file), {});
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) refuse(path + " is empty");
  return secret;
}

}  // namespace weir
