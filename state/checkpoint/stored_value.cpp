// What the store has under a key:
//
//   stamp    signed           the value has taken in all records of its partition below that offset
//   kind     byte             0 a tombstone: nothing follows; 1 a whole value; 2 the head of a value with
//   parts runs     varint           of kind 2: count of runs of parts with names one after the other; each:
//              varint         the first name, less the last one of the run before
//              varint         how many
//   bytes    the rest         of the value, or of its head
//
// A part is stored under 0x01, the key, and its name, 8 bytes, big-endian; it is its bytes alone, and belongs
// to the head's version. The value is the head's bytes and those of the parts in order of their names. Stamp
// 300, parts 5, 6 and 9 and a head "h":
//
//   d8 04  02  02  05 02  03 01  68
#include "state/checkpoint/stored_value.hpp"

#include <algorithm>
#include <stdexcept>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/hash.hpp"

namespace weir {

namespace {

enum kind : std::uint8_t { tombstone, whole, parted };
constexpr std::size_t most_parts = 100'000;  // far more than any value has

void write_names(const std::vector<parted_value::cut>& cuts, byte_writer& out) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;  // first, count
  for (const auto& cut : cuts) {
    if (runs.empty() || runs.back().first + runs.back().second != cut.name) runs.emplace_back(cut.name, 0);
    ++runs.back().second;
  }
  out.varint(runs.size());
  std::uint64_t last = 0;
  for (const auto& [first, count] : runs) {
    out.varint(first - last);
    out.varint(count);
    last = first + count - 1;
  }
}

std::vector<std::uint64_t> read_names(byte_reader& in) {
  std::vector<std::uint64_t> names;
  std::uint64_t last = 0;
  for (auto runs = in.count(2); runs > 0; --runs) {
    auto name = last + in.varint();
    const auto count = in.varint();
    if (count == 0 || count > most_parts - names.size()) throw decode_error("parts of a value that are none");
    for (std::uint64_t i = 0; i < count; ++i) names.push_back(name++);
    last = name - 1;
  }
  return names;
}

void end_part(std::string_view key, std::uint64_t name, std::vector<state_change>& changes) {
  changes.push_back({part_key(key, name), std::nullopt});
}

}  // namespace

stored_head decode_stored(std::string_view stored) {
  byte_reader in(stored);
  stored_head head;
  head.stamp = in.zigzag();
  const auto what = in.byte();
  if (what > parted) throw decode_error("a stored value of an unknown kind");
  head.tombstone = what == tombstone;
  if (what == parted) head.parts = read_names(in);
  head.bytes = in.bytes(in.left());
  return head;
}

std::string part_key(std::string_view key, std::uint64_t name) {
  std::string result;
  result.reserve(1 + key.size() + 8);
  result.append(1, '\x01').append(key);
  for (int shift = 56; shift >= 0; shift -= 8) result.push_back(static_cast<char>(name >> shift));
  return result;
}

std::string encode_stored(std::int64_t stamp, std::string_view value) {
  std::string bytes;
  bytes.reserve(11 + value.size());
  byte_writer out(bytes);
  out.zigzag(stamp);
  out.byte(whole);
  out.bytes(value);
  return bytes;
}

stored_parts write_value(std::string_view key, std::int64_t stamp, const parted_value& value,
                         const stored_parts& before, std::vector<state_change>& changes) {
  stored_parts now;
  now.reserve(value.cuts.size());
  auto old = before.begin();
  for (std::size_t i = 0; i < value.cuts.size(); ++i) {
    const auto name = value.cuts[i].name;
    for (; old != before.end() && old->name < name; ++old) end_part(key, old->name, changes);
    const auto bytes = value.part(i);
    now.push_back({name, hash64(bytes)});
    const bool there = old != before.end() && old->name == name;
    if (!there || old->hash != now.back().hash) changes.push_back({part_key(key, name), std::string(bytes)});
    if (there) ++old;
  }
  for (; old != before.end(); ++old) end_part(key, old->name, changes);
  if (value.cuts.empty()) {
    changes.push_back({std::string(key), encode_stored(stamp, value.bytes)});
    return now;
  }
  std::string head;
  byte_writer out(head);
  out.zigzag(stamp);
  out.byte(parted);
  write_names(value.cuts, out);
  out.bytes(value.head());
  changes.push_back({std::string(key), std::move(head)});
  return now;
}

void write_end(std::string_view key, std::optional<std::int64_t> stamp, const stored_parts& before,
               std::vector<state_change>& changes) {
  for (const auto& part : before) end_part(key, part.name, changes);
  if (!stamp) return changes.push_back({std::string(key), std::nullopt});
  std::string bytes;
  byte_writer out(bytes);
  out.zigzag(*stamp);
  out.byte(tombstone);
  changes.push_back({std::string(key), std::move(bytes)});
}

stored_parts read_value(task_store& store, std::string_view key, const stored_head& head,
                        parted_value& value) {
  value.clear();
  value.bytes.append(head.bytes);
  stored_parts parts;
  parts.reserve(head.parts.size());
  for (const auto name : head.parts) {
    const auto part = store.get(part_key(key, name));
    if (!part) throw std::runtime_error("a stored value lacks a part");
    parts.push_back({name, hash64(*part)});
    value.begin_part(name);
    value.bytes.append(*part);
  }
  return parts;
}

}  // namespace weir
