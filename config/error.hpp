#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A configuration that cannot be used. `what()` holds one line a problem: where it stands (file and line,
/// --set or variable), the key, what was expected and what came, and the nearest right name where there is
/// one.
class config_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace config {

/// Gathers what is wrong, so that all of it is told at once.
class problems {
 public:
  void add(std::string_view origin, std::string_view path, std::string_view message);
  bool empty() const { return lines_.empty(); }
  /// Throws config_error if there are any.
  void raise() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace config
}  // namespace weir
