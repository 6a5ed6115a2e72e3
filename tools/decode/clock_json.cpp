#include "tools/decode/clock_json.hpp"

namespace weir {

void write_clock(std::string_view name, std::int64_t time, json_writer& out) {
  out.name(name);
  if (time <= task_clocks::no_time)
    out.null();
  else if (time >= end_of_time)
    out.value("never again");
  else
    out.value(time);
}

void write_report(const clock_report& report, json_writer& out) {
  write_clock("w", report.w, out);
  write_clock("c", report.c, out);
  write_clock("a", report.a, out);
  write_clock("settled", report.settled, out);
}

std::string clock_json(std::string_view key, std::string_view value) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("source", key.substr(clock_key_prefix.size()));
  write_report(decode_clock_report(value), out);
  out.end_object();
  return text;
}

}  // namespace weir
