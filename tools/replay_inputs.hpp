#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/line_source.hpp"

namespace weir {

/// The inputs of `weir replay`, each a partition. What cannot be opened or read on is an empty rest, and an
/// error. Concurrency: each partition is read by one thread at a time; everything else when no lane runs.
class replay_inputs {
 public:
  /// `format` is that of the command line: web, access or auto. Lines and times as line_source has them.
  void open(const std::vector<std::string>& files, const std::string& format, std::size_t max_line,
            std::int64_t now);
  /// False when not one could be opened.
  bool any() const;

  /// Reads on; nothing at the end, or behind a fault.
  std::shared_ptr<const record_chunk> next(std::size_t partition, std::size_t batch);
  bool is_access_log(std::size_t partition) const { return access_[partition]; }

  std::uint64_t bytes_read() const;
  /// Of those whose size is known.
  std::uint64_t bytes_total() const;
  /// Lines taken so far, empty ones too.
  std::uint64_t lines() const;
  const std::vector<std::string>& errors() const { return errors_; }

 private:
  std::vector<std::unique_ptr<line_source>> sources_;
  std::vector<bool> access_;
  std::mutex mutex_;  // guards errors_ while lanes run
  std::vector<std::string> errors_;
};

/// What `--format auto` takes a file for, by its first line that is not empty and, where that does not tell,
/// by its name: `.log` or `.log.gz` is an access log.
bool is_access_log(const std::filesystem::path& name, std::string_view first_line);

}  // namespace weir
