#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace spdlog {
class logger;
}

namespace weir {

/// One thing that a line tells beside its message, under a name that needs no escape.
struct log_field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  log_field(std::string_view n, std::string_view text) : name(n), value(text) {}
  log_field(std::string_view n, const char* text) : name(n), value(std::string_view(text)) {}
  log_field(std::string_view n, const std::string& text) : name(n), value(std::string_view(text)) {}
  log_field(std::string_view n, double x) : name(n), value(x) {}
  log_field(std::string_view n, bool x) : name(n), value(x) {}
  template <std::integral Integer>
  log_field(std::string_view n, Integer x) : name(n), value(static_cast<std::int64_t>(x)) {}
};

/// The program's log: what it does and what goes wrong while it runs, one line each, for operators and their
/// tools. What a command tells its user at its end is not for the log, and stays plain text.
///
/// As JSON a line is `{"ts":"2024-02-18T10:30:00.123Z","level":"warning","msg":"..",..}` with the fields
/// behind; as text `2024-02-18T10:30:00.123Z warning what happened lane=lane-00 task="a b"`. Any thread may
/// write; copies write to the same file. What is below the level costs a comparison.
class logger {
 public:
  using fields = std::initializer_list<log_field>;

  /// Lines go to the file, which must outlive this and its copies: standard error, but in tests.
  explicit logger(const logging_settings& settings, std::FILE* to = stderr);

  void debug(std::string_view msg, fields more = {}) const { write(log_level::debug, msg, more); }
  void info(std::string_view msg, fields more = {}) const { write(log_level::info, msg, more); }
  void warn(std::string_view msg, fields more = {}) const { write(log_level::warning, msg, more); }
  void error(std::string_view msg, fields more = {}) const { write(log_level::error, msg, more); }
  void write(log_level level, std::string_view msg, fields more) const;

  /// One whose lines all carry these fields, too.
  logger with(fields always) const;
  /// For lane_settings::warn and its like: each call is a line at level warning.
  std::function<void(const std::string&)> warner() const;

 private:
  std::shared_ptr<spdlog::logger> out_;
  bool json_ = false;
  std::string always_;  // as it stands in a line
};

}  // namespace weir
