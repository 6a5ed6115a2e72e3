#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "pipeline/enrich/enrichment_data.hpp"

namespace weir {

/// The lists and databases that the settings ask for, read once for all lanes of the process, and read again
/// when one of their files changes.
///
/// Concurrency: `current` may be called by any thread; `refresh` by one.
class enrichment_files {
 public:
  /// Throws config_error, `<setting>: what is wrong`.
  explicit enrichment_files(const settings& s);

  /// What to enrich with from now on: lanes ask every round.
  shared_enrichment current() const;

  /// Reads anew what has changed, on the caller's thread, while lanes go on with what they have. What has
  /// changed since the last call may still be written: it is read when it was the same at two calls in a row.
  /// A file that is broken or gone changes nothing; it is told of once a change.
  struct listener {
    std::function<void(const std::string&)> changed, broken;
  };
  void refresh(const listener& tell);

 private:
  using stamps = std::vector<std::pair<std::filesystem::file_time_type, std::uintmax_t>>;
  /// What is made of some files.
  struct part {
    std::string setting;  // for messages
    std::vector<std::filesystem::path> files;
    std::function<void(enrichment_data&)> load;
    stamps seen = {};  // at the last look
    stamps used = {};  // of what was read last
  };
  void add(std::string setting, std::vector<std::string> files, std::function<void(enrichment_data&)> load);
  static stamps look_at(const part& p);

  const settings settings_;
  std::vector<part> parts_;
  mutable std::mutex mutex_;  // guards current_ alone
  shared_enrichment current_;
};

}  // namespace weir
