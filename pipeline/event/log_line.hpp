#pragma once

#include <optional>
#include <string_view>

namespace weir {

/// The parts of a line of an Apache/nginx combined or common log, as they stand in it.
struct log_line {
  std::string_view address, time, request, status;
  std::optional<std::string_view> referrer, agent;  // none in the common format
};

/// Takes a line apart: address, identity, user, [time], "request", status, size and, in the combined format,
/// "referrer" and "agent"; what follows is ignored, and so is a carriage return at the end, and a word
/// `name:port` before an IP address at the beginning (vhost_combined). None when the line is of another form.
std::optional<log_line> parse_log_line(std::string_view line);

/// The target of a request line `GET <target> HTTP/1.1`; none for other methods and for what is no request.
std::optional<std::string_view> target_of_get(std::string_view request);

}  // namespace weir
