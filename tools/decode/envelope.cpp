#include "tools/decode/envelope.hpp"

#include "pipeline/base/base64.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

void write_bytes(const std::string& name, std::string_view bytes, json_writer& json, std::string& out) {
  if (is_utf8(bytes)) {
    json.field(name, bytes);
    return;
  }
  json.name(name).raw("\"");
  append_base64(out, bytes);
  out += '"';
  json.field(name + "_encoding", "base64");
}

void append_envelope(std::int32_t partition, std::int64_t offset, std::int64_t time, std::string_view key,
                     std::optional<std::string_view> value, std::string& out) {
  json_writer json(out);
  json.begin_object().field("partition", std::int64_t{partition}).field("offset", offset).field("time", time);
  write_bytes("key", key, json, out);
  if (value)
    write_bytes("value", *value, json, out);
  else
    json.name("value").null();
  json.end_object();
}

}  // namespace weir
