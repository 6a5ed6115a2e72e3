#include "pipeline/base/json_writer.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace weir {

namespace {

bool plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\'; }

void append_escape(std::string& out, unsigned char c) {
  static constexpr char hex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
  }
}

template <class T>
void append_number(std::string& out, T x) {
  char buffer[32];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && plain(static_cast<unsigned char>(text[end]))) ++end;
    out.append(text, at, end - at);
    if (end < text.size()) append_escape(out, static_cast<unsigned char>(text[end++]));
    at = end;
  }
  out += '"';
}

json_writer& json_writer::open(char c) {
  separate();
  out_ += c;
  first_ = true;
  return *this;
}

json_writer& json_writer::close(char c) {
  out_ += c;
  first_ = false;
  return *this;
}

void json_writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

json_writer& json_writer::name(std::string_view plain) {
  separate();
  out_ += '"';
  out_ += plain;
  out_ += "\":";
  first_ = true;  // its value needs no comma
  return *this;
}

json_writer& json_writer::escaped_name(std::string_view text) {
  separate();
  append_json_string(out_, text);
  out_ += ':';
  first_ = true;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

json_writer& json_writer::value(bool x) { return raw(x ? "true" : "false"); }

json_writer& json_writer::value(std::int64_t x) {
  separate();
  append_number(out_, x);
  return *this;
}

json_writer& json_writer::value(std::uint64_t x) {
  separate();
  append_number(out_, x);
  return *this;
}

json_writer& json_writer::value(double x) {
  if (!std::isfinite(x)) return null();
  separate();
  if (x == std::trunc(x) && std::fabs(x) < 9e15)
    append_number(out_, static_cast<std::int64_t>(x));
  else
    append_number(out_, x);
  return *this;
}

json_writer& json_writer::null() { return raw("null"); }

json_writer& json_writer::micros(std::int64_t x) {
  separate();
  auto magnitude = x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
  if (x < 0) out_ += '-';
  append_number(out_, magnitude / 1'000'000);
  auto fraction = static_cast<unsigned>(magnitude % 1'000'000);
  if (fraction == 0) return *this;
  out_ += '.';
  for (unsigned unit = 100'000; fraction > 0; unit /= 10) {
    out_ += static_cast<char>('0' + fraction / unit);
    fraction %= unit;
  }
  return *this;
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace weir
