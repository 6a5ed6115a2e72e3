#include "state/log/record_run.hpp"

#include <utility>

#include "pipeline/base/codec.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

constexpr std::size_t prefix_size = 8;

void put_big_endian(std::string& out, std::uint64_t x, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(x >> (8 * i)));
}

std::uint64_t get_big_endian(std::string_view in) {
  std::uint64_t x = 0;
  for (const char c : in) x = x << 8 | static_cast<std::uint8_t>(c);
  return x;
}

}  // namespace

std::string run_prefix(std::uint32_t topic, std::int32_t partition) {
  std::string key;
  put_big_endian(key, topic, 4);
  put_big_endian(key, static_cast<std::uint32_t>(partition), 4);
  return key;
}

std::string run_key(std::uint32_t topic, std::int32_t partition, std::int64_t last) {
  auto key = run_prefix(topic, partition);
  put_big_endian(key, static_cast<std::uint64_t>(last), 8);
  return key;
}

std::int64_t last_offset(std::string_view run_key) {
  return static_cast<std::int64_t>(get_big_endian(run_key.substr(prefix_size)));
}

std::string encode_run(const record_chunk& chunk) {
  std::string bytes;
  bytes.reserve(chunk.bytes.size() + 8 * chunk.entries.size());
  byte_writer out(bytes);
  out.varint(chunk.entries.size());
  out.zigzag(chunk.entries.front().offset);
  std::int64_t time = 0;
  for (const auto& e : chunk.entries) {
    out.zigzag(wrapping_sub(e.time, std::exchange(time, e.time)));
    out.text(chunk.key(e));
    out.text(chunk.value(e));
  }
  return bytes;
}

std::shared_ptr<record_chunk> decode_run(std::string_view bytes) {
  auto chunk = std::make_shared<record_chunk>();
  chunk->bytes.reserve(bytes.size());
  byte_reader in(bytes);
  auto left = in.count(3);
  if (left == 0) throw decode_error("a run of no records");
  chunk->entries.reserve(left);
  auto offset = in.zigzag();
  std::int64_t time = 0;
  for (; left > 0; --left) {
    time = wrapping_add(time, in.zigzag());
    const auto key = in.text();
    chunk->add(offset, time, key, in.text());
    offset = wrapping_add(offset, 1);
  }
  in.finish();
  return chunk;
}

}  // namespace weir
