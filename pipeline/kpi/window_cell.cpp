#include "pipeline/kpi/window_cell.hpp"

#include <bit>

namespace weir {

namespace {

constexpr std::uint8_t format = 1;

// Big-endian with the sign bit turned: bytes order as numbers do.
void put_ordered(byte_writer& out, std::int64_t x) {
  out.word(__builtin_bswap64(static_cast<std::uint64_t>(x) ^ (std::uint64_t{1} << 63)));
}

std::int64_t get_ordered(byte_reader& in) {
  return static_cast<std::int64_t>(__builtin_bswap64(in.word()) ^ (std::uint64_t{1} << 63));
}

}  // namespace

// Bytes: format (1); bits 0 changed, 1 fed, 2 told events_final, 3 told final, 4 told; the cell.
void window_cell::encode(std::string& bytes) const {
  byte_writer out(bytes);
  out.byte(format);
  out.byte(
      static_cast<std::uint8_t>(changed | fed << 1 | told_events_final << 2 | told_final << 3 | told << 4));
  data.encode(out);
}

window_cell window_cell::decode(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != format) throw decode_error("window cell of an unknown format");
  window_cell w;
  const auto bits = in.byte();
  if (bits > 31) throw decode_error("window cell with unknown flags");
  w.changed = bits & 1;
  w.fed = bits & 2;
  w.told_events_final = bits & 4;
  w.told_final = bits & 8;
  w.told = bits & 16;
  w.data = cell::decode(in);
  in.finish();
  return w;
}

// Bytes: 'w'; family; end and start, ordered; granularity; shard; site and the key's parts as texts.
std::string family_state_key_prefix(family fam) { return {cell_key_prefix, static_cast<char>(fam)}; }

std::string cell_state_key_prefix(const cell_name& name) {
  auto bytes = family_state_key_prefix(name.fam);
  byte_writer out(bytes);
  put_ordered(out, name.window.end);
  put_ordered(out, name.window.start);
  out.byte(static_cast<std::uint8_t>(name.window.size));
  out.varint(name.shard);
  out.text(name.site);
  return bytes;
}

std::string cell_state_key(const cell_name& name) {
  auto bytes = cell_state_key_prefix(name);
  byte_writer out(bytes);
  for (auto part : name.key) out.text(part);
  return bytes;
}

cell_name parse_cell_state_key(std::string_view key) {
  byte_reader in(key);
  if (in.byte() != cell_key_prefix) throw decode_error("not a window cell's key");
  cell_name name;
  name.fam = decode_family(in);
  name.window.end = get_ordered(in);
  name.window.start = get_ordered(in);
  name.window.size = decode_granularity(in);
  name.shard = static_cast<unsigned>(in.varint());
  name.site = in.text();
  for (auto& part : name.key) part = in.text();
  in.finish();
  return name;
}

}  // namespace weir
