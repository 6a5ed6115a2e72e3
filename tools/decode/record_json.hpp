#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// A record of any topic of the job (its name without kafka.prefix) as a text of one line: JSON as it is, of
/// weir.partials, clocks and changelogs decoded. A record without value is `null`. What cannot be decoded
/// comes as `{"undecoded": base64, "error": why}`.
std::string readable_value(std::string_view topic, std::string_view key,
                           std::optional<std::string_view> value);
/// Its key: of a changelog as `state_key_text` has it, else as it is.
std::string readable_key(std::string_view topic, std::string_view key);

}  // namespace weir
