#include "pipeline/kpi/partial_codec.hpp"

#include "pipeline/kpi/family.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

// The bytes of a record of weir.partials, in terms of byte_writer:
//
//   byte     version, 1
//   byte     family, its number in the enumeration
//   varint   shard
//   text     site
//   varint   number of late counts, each: zigzag window, zigzag events
//   to the end deltas, each: zigzag window, the parts of the key as texts (as many as the family has), the
//   cell as cell.cpp documents
//
// A window is told as the difference, in milliseconds, to the window before it in its list, the first to 0.
//
// Two page views on site "s", page "/a", window 300,000, one of them late; the cell has the sum 2 and nothing
// else:
//
//   01 01 00 01 73            version 1, family 1 (pages), shard 0, site "s"
//   01 c0 cf 24 02            one late count: window 300,000, 1 event
//   c0 cf 24 02 2f 61         a delta: window 300,000, key "/a"
//   01 04 00 00 00            its cell: one sum, 2; no uniques, samples, tops
constexpr std::uint8_t version = 1;

/// Bytes of a cell without anything in it: no sums, uniques, samples, tops.
constexpr std::string_view zero_cell("\0\0\0\0", 4);

/// Reads a window that was told as a difference; garbage wraps around.
void step(std::int64_t& window, byte_reader& in) { window = wrapping_add(window, in.zigzag()); }

void decode_late(byte_reader& in, partial_record& record) {
  record.late.resize(in.count(2));
  std::int64_t window = 0;
  for (auto& l : record.late) {
    step(window, in);
    l = {window, in.zigzag()};
  }
}

void decode_deltas(byte_reader& in, partial_record& record) {
  const auto parts = key_parts[static_cast<std::size_t>(record.fam)];
  std::int64_t window = 0;
  while (!in.done()) {
    auto& d = record.deltas.emplace_back();
    step(window, in);
    d.window = window;
    for (std::size_t i = 0; i < parts; ++i) d.key[i] = in.text();
    d.data = cell::decode(in);
  }
}

}  // namespace

void partial_writer::begin(std::string_view site, family fam, unsigned shard,
                           const std::vector<partial_record::late_count>& late) {
  bytes_.clear();
  byte_writer out(bytes_);
  out.byte(version);
  out.byte(static_cast<std::uint8_t>(fam));
  out.varint(shard);
  out.text(site);
  out.varint(late.size());
  window_ = 0;
  for (const auto& l : late) {
    out.zigzag(wrapping_sub(l.window, window_));
    out.zigzag(l.events);
    window_ = l.window;
  }
  window_ = 0;
}

void partial_writer::append(std::int64_t window, std::string_view key_and_cell) {
  byte_writer(bytes_).zigzag(wrapping_sub(window, window_));
  bytes_ += key_and_cell;
  window_ = window;
}

bool encode_key_and_cell(family fam, const std::array<std::string_view, 3>& key, const cell& data,
                         std::string& out) {
  byte_writer to(out);
  for (std::size_t i = 0; i < key_parts[static_cast<std::size_t>(fam)]; ++i) to.text(key[i]);
  const auto key_size = out.size();
  data.encode(to);
  return std::string_view(out).substr(key_size) != zero_cell;
}

partial_record decode_partial(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != version) throw decode_error("unknown version of a partial record");
  partial_record record;
  record.fam = decode_family(in);
  record.shard = static_cast<unsigned>(in.varint());
  record.site = in.text();
  decode_late(in, record);
  decode_deltas(in, record);
  return record;
}

}  // namespace weir
