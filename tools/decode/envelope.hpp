#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/json_writer.hpp"

namespace weir {

/// Writes bytes as a field. JSON is UTF-8: other bytes go as base64, and `<name>_encoding` says so.
void write_bytes(const std::string& name, std::string_view bytes, json_writer& json, std::string& out);

/// Appends a record as {partition, offset, time, key, value}; the value is null when there is none.
void append_envelope(std::int32_t partition, std::int64_t offset, std::int64_t time, std::string_view key,
                     std::optional<std::string_view> value, std::string& out);

}  // namespace weir
