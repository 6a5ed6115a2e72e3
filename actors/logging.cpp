#include "actors/logging.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <unistd.h>

#include <algorithm>
#include <type_traits>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/session/utf8_repair.hpp"

namespace weir {

namespace {

constexpr const char* json_pattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v";

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    default:
      return spdlog::level::err;
  }
}

using file_sink = spdlog::sinks::ansicolor_sink<spdlog::details::console_mutex>;

/// Messages may quote input: bytes that are no UTF-8 must not break a reader of lines.
std::string repaired(std::string_view text) {
  std::string copy(text);
  repair_utf8(copy, 0);
  return copy;
}

void append_json(std::string& out, std::string_view text) { append_json_string(out, repaired(text)); }

/// Text that stands alone where it can: one word, and nothing that a terminal would obey.
void append_text(std::string& out, std::string_view text) {
  const auto plain = [](unsigned char c) { return c > ' ' && c != '"' && c != '=' && c != 0x7f; };
  const bool word = !text.empty() && std::all_of(text.begin(), text.end(), plain);
  word ? out.append(repaired(text)) : (append_json(out, text), out);
}

/// A message may have spaces, but is one line.
void append_message(std::string& out, std::string_view text) {
  for (const char c : repaired(text)) out += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
}

void append_value(std::string& out, const log_field& field, bool json) {
  if (const auto* text = std::get_if<std::string_view>(&field.value))
    return json ? append_json(out, *text) : append_text(out, *text);
  std::visit(
      [&out](const auto& x) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, std::string_view>) json_writer(out).value(x);
      },
      field.value);
}

void append_fields(std::string& out, logger::fields fields, bool json) {
  for (const auto& field : fields) {
    out.append(json ? ",\"" : " ").append(field.name).append(json ? "\":" : "=");
    append_value(out, field, json);
  }
}

}  // namespace

logger::logger(const logging_settings& settings, std::FILE* to)
    : json_(settings.format == log_format::json ||
            (settings.format == log_format::automatic && isatty(fileno(to)) == 0)) {
  out_ = std::make_shared<spdlog::logger>("weir",
                                          std::make_shared<file_sink>(to, spdlog::color_mode::automatic));
  out_->set_level(level_of(settings.level));
  out_->flush_on(spdlog::level::trace);
  out_->set_formatter(std::make_unique<spdlog::pattern_formatter>(json_ ? json_pattern : text_pattern,
                                                                  spdlog::pattern_time_type::utc));
}

void logger::write(log_level level, std::string_view msg, fields more) const {
  if (!out_->should_log(level_of(level))) return;
  std::string line;
  if (json_) {
    line = "\"msg\":";
    append_json(line, msg);
  } else {
    append_message(line, msg);
  }
  line += always_;
  append_fields(line, more, json_);
  out_->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

logger logger::with(fields always) const {
  auto copy = *this;
  append_fields(copy.always_, always, json_);
  return copy;
}

std::function<void(const std::string&)> logger::warner() const {
  return [copy = *this](const std::string& msg) { copy.warn(msg); };
}

}  // namespace weir
