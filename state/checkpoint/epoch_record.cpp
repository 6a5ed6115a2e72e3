#include "state/checkpoint/epoch_record.hpp"

#include "pipeline/base/codec.hpp"

namespace weir {

namespace {

// Bytes: format (1); next zig-zag; owed; count of marks, each: offset, w, c, highest, wall zig-zag, keyless,
// origins; count of dead offsets, each zig-zag; count of dead keys, each an offset zig-zag and a text. A
// digest is two words' varint and word.
constexpr std::uint8_t format = 1;

void put(byte_writer& out, const digest& d) {
  out.varint(d.count);
  out.word(d.sum);
}

digest get_digest(byte_reader& in) {
  digest d;
  d.count = in.varint();
  d.sum = in.word();
  return d;
}

void put(byte_writer& out, const mark& m) {
  out.zigzag(m.offset);
  out.zigzag(m.clocks.w);
  out.zigzag(m.clocks.c);
  out.zigzag(m.clocks.highest);
  out.zigzag(m.wall);
  put(out, m.keyless);
  out.text(m.clocks.origins);
}

mark get_mark(byte_reader& in) {
  mark m;
  m.offset = in.zigzag();
  m.clocks.w = in.zigzag();
  m.clocks.c = in.zigzag();
  m.clocks.highest = in.zigzag();
  m.wall = in.zigzag();
  m.keyless = get_digest(in);
  m.clocks.origins = in.text();
  return m;
}

dead_key get_dead_key(byte_reader& in) {
  const auto offset = in.zigzag();
  return {offset, std::string(in.text())};
}

}  // namespace

void encode(const epoch_record& record, std::string& bytes) {
  byte_writer out(bytes);
  out.byte(format);
  out.zigzag(record.next);
  put(out, record.owed);
  out.varint(record.ring.size());
  for (const auto& m : record.ring) put(out, m);
  out.varint(record.dead.size());
  for (auto offset : record.dead) out.zigzag(offset);
  out.varint(record.dead_keys.size());
  for (const auto& dead : record.dead_keys) {
    out.zigzag(dead.offset);
    out.text(dead.key);
  }
}

epoch_record decode_epoch_record(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != format) throw decode_error("epoch record of an unknown format");
  epoch_record record;
  record.next = in.zigzag();
  record.owed = get_digest(in);
  for (auto n = in.count(); n > 0; --n) record.ring.push_back(get_mark(in));
  for (auto n = in.count(); n > 0; --n) record.dead.push_back(in.zigzag());
  for (auto n = in.count(); n > 0; --n) record.dead_keys.push_back(get_dead_key(in));
  in.finish();
  return record;
}

}  // namespace weir
