#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir {

/// Thrown by `byte_reader` when bytes are not of the expected form.
struct decode_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Appends to a string in weir's binary form: LEB128 varints (signed ones zig-zag), little-endian doubles and
/// words, texts as length and bytes.
class byte_writer {
 public:
  explicit byte_writer(std::string& out) : out_(out) {}

  void byte(std::uint8_t x) { out_.push_back(static_cast<char>(x)); }
  void boolean(bool x) { byte(x ? 1 : 0); }
  void varint(std::uint64_t x) {
    while (x >= 0x80) {
      byte(static_cast<std::uint8_t>(x) | 0x80);
      x >>= 7;
    }
    byte(static_cast<std::uint8_t>(x));
  }
  void zigzag(std::int64_t x) {
    varint((static_cast<std::uint64_t>(x) << 1) ^ static_cast<std::uint64_t>(x >> 63));
  }
  void word(std::uint64_t x) { out_.append(reinterpret_cast<const char*>(&x), sizeof x); }
  void real(double x) { word(std::bit_cast<std::uint64_t>(x)); }
  void text(std::string_view x) {
    varint(x.size());
    out_.append(x);
  }
  void bytes(std::string_view x) { out_.append(x); }

 private:
  static_assert(std::endian::native == std::endian::little);
  std::string& out_;
};

/// Reads what `byte_writer` wrote. Every method throws `decode_error` when the bytes end or are out of form.
class byte_reader {
 public:
  explicit byte_reader(std::string_view in) : in_(in) {}

  std::uint8_t byte() {
    need(1);
    const auto x = static_cast<std::uint8_t>(in_.front());
    in_.remove_prefix(1);
    return x;
  }
  bool boolean() { return byte() != 0; }
  std::uint64_t varint() {
    std::uint64_t x = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto b = byte();
      x |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return x;
    }
    throw decode_error("varint longer than 10 bytes");
  }
  std::int64_t zigzag() {
    const auto x = varint();
    return static_cast<std::int64_t>(x >> 1) ^ -static_cast<std::int64_t>(x & 1);
  }
  std::uint64_t word() {
    need(8);
    std::uint64_t x;
    std::memcpy(&x, in_.data(), sizeof x);
    in_.remove_prefix(8);
    return x;
  }
  double real() { return std::bit_cast<double>(word()); }
  /// Points into the input.
  std::string_view text() { return bytes(varint()); }
  std::string_view bytes(std::size_t size) {
    need(size);
    const auto x = in_.substr(0, size);
    in_.remove_prefix(size);
    return x;
  }
  /// All that is left.
  std::string_view rest() { return bytes(in_.size()); }
  /// A count of things of at least `least` bytes each: refuses counts that the input cannot hold.
  std::size_t count(std::size_t least = 1) {
    const auto n = varint();
    if (n > in_.size() / (least ? least : 1)) throw decode_error("count exceeds the input");
    return n;
  }
  bool done() const { return in_.empty(); }
  std::size_t left() const { return in_.size(); }
  /// Refuses what is left over.
  void finish() const {
    if (!in_.empty()) throw decode_error("bytes are left over");
  }

 private:
  void need(std::size_t size) const {
    if (in_.size() < size) throw decode_error("input ends early");
  }
  std::string_view in_;
};

}  // namespace weir
