#include "pipeline/clock/rekeyed_record.hpp"

#include <algorithm>

#include "pipeline/base/codec.hpp"

namespace weir {

namespace {
// Bytes: format (1); topic; partition varint; offset, time, watermark zig-zag; size varint; payload to the
// end.
constexpr std::uint8_t format = 1;
constexpr std::size_t header_size = 1024;  // and more than it can be: a topic's name has 249 at most
}  // namespace

std::size_t rekeyed_max_bytes(const rules& r) {
  return std::min<std::size_t>(r.validation.max_bytes, r.max_output_bytes - header_size);
}

void encode(const rekeyed_record& record, std::string& bytes) {
  byte_writer out(bytes);
  out.byte(format);
  out.text(record.topic);
  out.varint(static_cast<std::uint64_t>(record.partition));
  out.zigzag(record.offset);
  out.zigzag(record.time);
  out.zigzag(record.watermark);
  out.varint(record.size);
  out.bytes(record.payload);
}

rekeyed_record decode_rekeyed_record(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != format) throw decode_error("re-keyed record of an unknown format");
  rekeyed_record record;
  record.topic = in.text();
  record.partition = static_cast<std::int32_t>(in.varint());
  record.offset = in.zigzag();
  record.time = in.zigzag();
  record.watermark = in.zigzag();
  record.size = in.varint();
  record.payload = in.rest();
  return record;
}

}  // namespace weir
