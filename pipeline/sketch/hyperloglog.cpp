#include "pipeline/sketch/hyperloglog.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <span>
#include <utility>

#include "pipeline/sketch/cardinality.hpp"

// The bytes, version 1 (also in docs/sketches.md):
//
//   byte     version, 1
//   byte     form: 0 hashes, 1 registers that are not zero, 2 all registers
//   form 0:  varint n < 1,024; n words, 8 bytes little-endian each, ascending, none 0
//   form 1:  varint n; n times: varint of the registers skipped since the one before (from register 0),
//            byte 1..51
//   form 2:  12,288 bytes: 2^14 registers of 6 bits, register i in bits 6 i .. 6 i + 5, bit b being bit
//            b % 8 of byte b / 8
//
// The register of a hash is its upper 14 bits; its value is 1 + the number of leading zeros of the other 50
// bits, 51 if all are zero. Union of registers: the higher value. A writer takes form 1 while it has fewer
// than 6,144 registers that are not zero; a reader takes any.
//
// Example, the visitors "alice" and "bob", whose hashes are 0x4da10dd61a0116b0 and 0x1403c0c40f49b8e5:
//
//   01 00 02   e5 b8 49 0f c4 c0 03 14   b0 16 01 1a d6 0d a1 4d

namespace weir {

namespace {

constexpr std::uint8_t version = 1;
enum class form : std::uint8_t { hashes = 0, set_registers = 1, all_registers = 2 };

constexpr std::size_t list_limit = 8;  // a cache line of hashes is searched faster than a table
constexpr std::size_t register_count = std::size_t{1} << hyperloglog::precision;
constexpr std::size_t register_words = register_count / sizeof(std::uint64_t);
constexpr unsigned rank_bits = 64 - hyperloglog::precision;
constexpr std::uint8_t highest_rank = rank_bits + 1;
constexpr std::size_t packed_below = 6144;  // from here on the packed form is the smaller one
constexpr std::size_t packed_size = register_count * 6 / 8;

/// Slots of a table for so many hashes: three quarters full at most.
std::size_t capacity_for(std::size_t count) { return std::bit_ceil(count + (count + 2) / 3); }

/// Where the hash is, or the free slot where it belongs. Some slots are free; their number is a power of two.
template <class Word>
Word& slot_of(std::span<Word> table, std::uint64_t hash) {
  const auto mask = table.size() - 1;
  auto at = hash & mask;
  while (table[at] != 0 && table[at] != hash) at = (at + 1) & mask;
  return table[at];
}

/// Looks at every word: an early exit would be mispredicted more often than it saves.
bool holds(std::span<const std::uint64_t> list, std::uint64_t hash) {
  bool found = false;
  for (const auto word : list) found |= word == hash;
  return found;
}

/// `__restrict` lets the compiler take 16 registers at once.
void raise_registers(std::uint8_t* __restrict to, const std::uint8_t* __restrict from) {
  for (std::size_t i = 0; i < register_count; ++i) to[i] = to[i] < from[i] ? from[i] : to[i];
}

void raise_register(std::uint8_t* registers, std::uint64_t hash) {
  auto& value = registers[hash >> rank_bits];
  const auto rank = std::countl_zero((hash << hyperloglog::precision) | (std::uint64_t{1} << 13)) + 1;
  value = std::max(value, static_cast<std::uint8_t>(rank));
}

std::uint8_t checked_rank(std::uint8_t rank, std::uint8_t least) {
  if (rank < least || rank > highest_rank) throw decode_error("hyperloglog: register out of range");
  return rank;
}

void write_set_registers(byte_writer& out, const std::uint8_t* registers, std::size_t count) {
  out.varint(count);
  std::size_t next = 0;
  for (std::size_t i = 0; i < register_count; ++i) {
    if (registers[i] == 0) continue;
    out.varint(i - next);
    out.byte(registers[i]);
    next = i + 1;
  }
}

/// Four registers of six bits fill three bytes.
void write_all_registers(byte_writer& out, const std::uint8_t* registers) {
  for (std::size_t i = 0; i < register_count; i += 4) {
    const unsigned four =
        registers[i] | registers[i + 1] << 6 | registers[i + 2] << 12 | registers[i + 3] << 18;
    for (unsigned shift = 0; shift < 24; shift += 8) out.byte(static_cast<std::uint8_t>(four >> shift));
  }
}

}  // namespace

hyperloglog::hyperloglog(hyperloglog&& x) noexcept
    : words_(std::move(x.words_)), count_(std::exchange(x.count_, 0)) {
  x.words_.clear();
}

hyperloglog& hyperloglog::operator=(hyperloglog&& x) noexcept {
  if (this == &x) return *this;
  words_ = std::move(x.words_);
  count_ = std::exchange(x.count_, 0);
  x.words_.clear();
  return *this;
}

void hyperloglog::add(std::uint64_t hash) {
  if (hash == 0) hash = 1;  // 0 marks a free slot
  if (!exact())
    raise_register(registers(), hash);
  else if (words_.size() <= list_limit)
    add_to_list(hash);
  else
    add_to_table(hash);
}

void hyperloglog::add_to_list(std::uint64_t hash) {
  if (holds(words_, hash)) return;
  if (words_.size() == list_limit) {
    rebuild_table(capacity_for(list_limit + 1));
    return add_to_table(hash);
  }
  words_.push_back(hash);
  ++count_;
}

void hyperloglog::add_to_table(std::uint64_t hash) {
  auto* slot = &slot_of(std::span(words_), hash);
  if (*slot == hash) return;
  if (capacity_for(count_ + 1) > words_.size()) {
    rebuild_table(2 * words_.size());
    slot = &slot_of(std::span(words_), hash);
  }
  *slot = hash;
  if (++count_ == exact_below) become_dense();
}

bool hyperloglog::contains(std::uint64_t hash) const {
  if (words_.size() > list_limit) return slot_of(std::span(words_), hash) == hash;
  return holds(words_, hash);
}

void hyperloglog::rebuild_table(std::size_t capacity) {
  decltype(words_) table(capacity, 0);
  for (const auto hash : words_)
    if (hash != 0) slot_of(std::span(table), hash) = hash;
  words_ = std::move(table);
}

void hyperloglog::reserve(std::size_t count) {
  if (count > list_limit && capacity_for(count) > words_.size()) rebuild_table(capacity_for(count));
}

void hyperloglog::become_dense() {
  decltype(words_) dense(register_words, 0);
  auto* to = reinterpret_cast<std::uint8_t*>(dense.data());
  for (const auto hash : words_)
    if (hash != 0) raise_register(to, hash);
  words_ = std::move(dense);
  count_ = exact_below;
}

void hyperloglog::merge(const hyperloglog& other) {
  if (this == &other || other.empty()) return;
  if (empty()) {
    *this = other;
  } else if (other.exact()) {
    // Room first: hashes come in the order of a table, which would pile up in a smaller one.
    if (exact()) reserve(std::max(count_, other.count_));
    for (const auto hash : other.words_)
      if (hash != 0) add(hash);
  } else {
    if (exact()) become_dense();
    raise_registers(registers(), other.registers());
  }
}

std::uint64_t hyperloglog::estimate() const {
  if (exact()) return count_;
  return std::max<std::uint64_t>(exact_below, estimate_cardinality({registers(), register_count}, rank_bits));
}

std::size_t hyperloglog::memory() const {
  const bool on_heap = words_.capacity() > decltype(words_)().capacity();
  return sizeof *this + (on_heap ? words_.capacity() * sizeof(std::uint64_t) : 0);
}

std::vector<std::uint64_t> hyperloglog::sorted_hashes() const {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(count_);
  std::copy_if(words_.begin(), words_.end(), std::back_inserter(hashes), [](auto hash) { return hash != 0; });
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

void hyperloglog::encode(byte_writer& out) const {
  out.byte(version);
  if (exact()) {
    out.byte(static_cast<std::uint8_t>(form::hashes));
    out.varint(count_);
    for (const auto hash : sorted_hashes()) out.word(hash);
    return;
  }
  const auto zeros = std::count(registers(), registers() + register_count, 0);
  const auto set = register_count - static_cast<std::size_t>(zeros);
  if (set < packed_below) {
    out.byte(static_cast<std::uint8_t>(form::set_registers));
    write_set_registers(out, registers(), set);
  } else {
    out.byte(static_cast<std::uint8_t>(form::all_registers));
    write_all_registers(out, registers());
  }
}

hyperloglog hyperloglog::decode(byte_reader& in) {
  if (in.byte() != version) throw decode_error("hyperloglog: unknown version");
  hyperloglog result;
  switch (form{in.byte()}) {
    case form::hashes:
      result.read_hashes(in);
      break;
    case form::set_registers:
      result.read_registers(in);
      break;
    case form::all_registers:
      result.read_packed_registers(in);
      break;
    default:
      throw decode_error("hyperloglog: unknown form");
  }
  return result;
}

void hyperloglog::read_hashes(byte_reader& in) {
  const auto count = in.count(sizeof(std::uint64_t));
  if (count >= exact_below) throw decode_error("hyperloglog: too many hashes");
  reserve(count);
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto hash = in.word();
    if (hash <= last) throw decode_error("hyperloglog: hashes out of order");
    add(hash);
    last = hash;
  }
}

void hyperloglog::read_registers(byte_reader& in) {
  const auto count = in.count(2);
  become_dense();
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto skipped = in.varint();
    if (next >= register_count || skipped >= register_count - next)
      throw decode_error("hyperloglog: no such register");
    next += skipped;
    registers()[next++] = checked_rank(in.byte(), 1);
  }
}

void hyperloglog::read_packed_registers(byte_reader& in) {
  const auto bytes = in.bytes(packed_size);
  become_dense();
  for (std::size_t i = 0; i < register_count; ++i) {
    const auto* three = reinterpret_cast<const std::uint8_t*>(bytes.data()) + i / 4 * 3;
    const unsigned four = three[0] | three[1] << 8 | three[2] << 16;
    registers()[i] = checked_rank((four >> (i % 4 * 6)) & 63, 0);
  }
}

bool hyperloglog::operator==(const hyperloglog& other) const {
  if (count_ != other.count_) return false;
  if (!exact()) return words_ == other.words_;
  return std::all_of(words_.begin(), words_.end(),
                     [&](std::uint64_t hash) { return hash == 0 || other.contains(hash); });
}

}  // namespace weir
