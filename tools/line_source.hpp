#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "pipeline/log/log.hpp"

namespace weir {

/// An input that could not be read to its end: missing, truncated, broken.
struct input_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The lines of one file (plain, gzip or zstd by its magic bytes; `-` is standard input) as records of a
/// partition: offset = line number from 0; empty lines are numbered but skipped, and so is a byte order mark
/// (UTF-8) at the beginning. Used by one thread.
class line_source {
 public:
  /// Lines longer than `max_line` bytes are cut to `max_line` + 1: they are oversize anyway. Throws
  /// input_error.
  line_source(std::string path, std::size_t max_line, std::int64_t record_time);
  ~line_source();

  /// The next run of at most `max_records` lines; nothing at the end. Throws input_error once what came
  /// before the fault has been returned.
  std::shared_ptr<const record_chunk> next(std::size_t max_records);

  /// The first line that is not empty, without taking it; nothing when none comes within `max_line` bytes.
  std::string peek();

  /// Compressed bytes read so far, for progress; and the file's size, 0 when it is not known.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;
  /// Lines taken so far, empty ones too.
  std::int64_t lines() const;

 private:
  struct input;
  bool fill();
  std::unique_ptr<input> input_;
};

}  // namespace weir
