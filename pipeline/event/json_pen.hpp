#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "pipeline/base/json_writer.hpp"

namespace weir {

/// A member's `,"name":`, of a fixed size so that it is copied without a loop.
class json_label {
 public:
  static constexpr std::size_t room = 32;
  constexpr explicit json_label(std::string_view name) {
    add(",\"");
    add(name);
    add("\":");
  }
  const char* bytes() const { return bytes_.data(); }
  std::size_t size() const { return size_; }

 private:
  constexpr void add(std::string_view text) {
    for (const char c : text) bytes_.at(size_++) = c;
  }
  std::array<char, room> bytes_{};
  std::size_t size_ = 0;
};

/// Appends members of one flat JSON object to a string, each with a comma before it. It does what json_writer
/// does, through a buffer and eight bytes at a time: for the one record that is written per event. What it
/// holds back is written by `flush`.
class json_pen {
 public:
  explicit json_pen(std::string& out) : out_(out) {}

  void raw(std::string_view json) {
    if (json.size() > left()) flush();
    if (json.size() > left()) return void(out_.append(json));
    std::memcpy(at_, json.data(), json.size());
    at_ += json.size();
  }
  void raw(const json_label& label, std::string_view json) {
    name(label);
    raw(json);
  }
  void text(const json_label& label, std::string_view text) {
    name(label);
    string(text);
  }
  /// A JSON string.
  void string(std::string_view text) {
    if (text.size() + slack > left()) flush();
    if (text.size() + slack <= left() && copy_plain(text)) return;
    flush();
    append_json_string(out_, text);
  }
  void integer(const json_label& label, std::int64_t x) {
    name(label);
    at_ = std::to_chars(at_, end(), x).ptr;
  }
  /// Shortest form that reads back the same; whole numbers without a fraction, huge ones with an exponent,
  /// since many readers take long integers for 64-bit ones. Not for infinities.
  void real(const json_label& label, double x) {
    constexpr double exact = 9e15;
    const bool huge = x <= -exact || x >= exact;
    if (!huge && x == static_cast<double>(static_cast<std::int64_t>(x)))
      return integer(label, static_cast<std::int64_t>(x));
    name(label);
    at_ = huge ? std::to_chars(at_, end(), x, std::chars_format::scientific).ptr
               : std::to_chars(at_, end(), x).ptr;
  }
  void boolean(const json_label& label, bool x) { raw(label, x ? "true" : "false"); }
  void flush() {
    out_.append(buffer_.data(), static_cast<std::size_t>(at_ - buffer_.data()));
    at_ = buffer_.data();
  }

 private:
  static constexpr std::size_t slack = 16;  // quotes, and what copying by words writes beyond the end
  static constexpr std::size_t longest_number = 32;

  char* end() { return buffer_.data() + buffer_.size(); }
  std::size_t left() { return static_cast<std::size_t>(end() - at_); }

  // Leaves room for a number behind it.
  void name(const json_label& label) {
    if (left() < json_label::room + longest_number) flush();
    std::memcpy(at_, label.bytes(), json_label::room);
    at_ += label.size();
  }

  // Copies a text in quotes; returns false, having written nothing that counts, when a byte of it needs an
  // escape.
  bool copy_plain(std::string_view text);

  std::string& out_;
  std::array<char, 2048> buffer_;
  char* at_ = buffer_.data();
};

}  // namespace weir
