#include "pipeline/event/time_format.hpp"

#include <algorithm>
#include <chrono>

namespace weir {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front; after the first failure everything fails.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    if (text_.size() < count) return fail();
    int x = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return fail();
      x = 10 * x + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return x;
  }
  void one_of(char a, char b) {
    if (!next_is(a) && !next_is(b)) return void(fail());
    text_.remove_prefix(1);
  }
  void skip(char c) { one_of(c, c); }
  bool next_is(char c) const { return !text_.empty() && text_.front() == c; }
  bool next_is_digit() const { return !text_.empty() && is_digit(text_.front()); }
  std::string_view take(std::size_t count) {
    if (text_.size() < count) return fail(), std::string_view();
    const auto taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }
  int fail() {
    failed_ = true;
    text_ = {};
    return 0;
  }
  bool finished() const { return !failed_ && text_.empty(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

std::int64_t days(reader& in, int year, int month, int day) {
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok()) in.fail();
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// Seconds of the day from `hh:mm:ss`.
std::int64_t clock(reader& in) {
  const auto hour = in.digits(2);
  in.skip(':');
  const auto minute = in.digits(2);
  in.skip(':');
  const auto second = in.digits(2);
  if (hour > 23 || minute > 59 || second > 60) in.fail();
  return hour * 3600 + minute * 60 + second;
}

int fraction_milliseconds(reader& in) {
  if (!in.next_is('.')) return 0;
  in.skip('.');
  int count = 0, x = 0;
  for (; in.next_is_digit(); ++count) {
    const auto digit = in.digits(1);
    if (count < 3) x = 10 * x + digit;
  }
  if (count < 1 || count > 9) in.fail();
  for (; count < 3; ++count) x *= 10;
  return x;
}

// Seconds east of UTC from `+hh:mm` (or `+hhmm`).
std::int64_t offset(reader& in, bool colon) {
  const bool west = in.next_is('-');
  in.one_of('+', '-');
  const auto hours = in.digits(2);
  if (colon) in.skip(':');
  const auto minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.fail();
  const auto seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

std::int64_t zone(reader& in) {
  if (!in.next_is('Z') && !in.next_is('z')) return offset(in, true);
  in.one_of('Z', 'z');
  return 0;
}

int month_of(reader& in, std::string_view name) {
  static constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (std::size_t i = 0; i < 12 && name.size() == 3; ++i)
    if (names.substr(3 * i, 3) == name) return static_cast<int>(i) + 1;
  return in.fail();
}

}  // namespace

bool parse_rfc3339(std::string_view text, std::int64_t& milliseconds) {
  reader in(text);
  const auto year = in.digits(4);
  in.skip('-');
  const auto month = in.digits(2);
  in.skip('-');
  const auto day = in.digits(2);
  in.one_of('T', 't');
  const auto second = clock(in);
  const auto fraction = fraction_milliseconds(in);
  const auto east = zone(in);
  if (!in.finished()) return false;
  milliseconds = (days(in, year, month, day) * 86'400 + second - east) * 1000 + fraction;
  return in.finished();
}

bool parse_epoch(std::uint64_t number, std::int64_t& milliseconds) {
  const auto x = static_cast<std::int64_t>(number);
  if (number >= 1'000'000'000'000 && number <= 9'999'999'999'999) return milliseconds = x, true;
  if (number >= 1'000'000'000 && number <= 9'999'999'999) return milliseconds = x * 1000, true;
  return false;
}

bool parse_time(std::string_view text, std::int64_t& milliseconds) {
  if (text.size() > 13 || !std::all_of(text.begin(), text.end(), is_digit))
    return parse_rfc3339(text, milliseconds);
  std::uint64_t number = 0;
  for (const char c : text) number = 10 * number + static_cast<std::uint64_t>(c - '0');
  return parse_epoch(number, milliseconds);
}

bool parse_log_time(std::string_view text, std::int64_t& milliseconds) {
  reader in(text);
  const auto day = in.digits(2);
  in.skip('/');
  const auto month = month_of(in, in.take(3));
  in.skip('/');
  const auto year = in.digits(4);
  in.skip(':');
  const auto second = clock(in);
  in.skip(' ');
  const auto east = offset(in, false);
  if (!in.finished()) return false;
  milliseconds = (days(in, year, month, day) * 86'400 + second - east) * 1000;
  return in.finished();
}

}  // namespace weir
