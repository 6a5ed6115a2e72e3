#include "pipeline/event/personal_data.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace weir {

namespace {

constexpr std::size_t shortest_card = 13, longest_card = 19, shortest_card_group = 3;
constexpr std::size_t shortest_phone = 8, longest_phone = 15, longest_phone_gap = 2;
constexpr std::size_t longest_domain = 255;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) { return is_digit(c) || is_letter(c); }
bool is_one_of(char c, std::string_view all) { return all.find(c) != std::string_view::npos; }
bool in_mail_name(char c) { return in_word(c) || is_one_of(c, ".!#$%'*+^_`{|}~-"); }
bool in_mail_domain(char c) { return in_word(c) || c == '-' || c == '.'; }

int hex(char c) {
  if (is_digit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The character that the two digits at `at` encode; -1 when they do not.
int encoded(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const auto high = hex(text[at]), low = hex(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// A text without its percent-encodings, and where each character of it began. What was encoded twice
/// (`%2540`), as URLs in URLs are, is decoded twice.
struct decoded_text {
  std::string plain;
  std::vector<std::uint32_t> begins;  // one more than characters: the end

  void read(std::string_view text) {
    plain.clear(), begins.clear();
    for (std::size_t at = 0; at < text.size();) {
      begins.push_back(static_cast<std::uint32_t>(at));
      char c = text[at++];
      while (c == '%') {
        const auto code = encoded(text, at);
        if (code < 0) break;
        c = static_cast<char>(code);
        at += 2;
      }
      plain += c;
    }
    begins.push_back(static_cast<std::uint32_t>(text.size()));
  }
};

struct found {
  std::size_t begin = 0, end = 0;  // of the decoded text; equal: nothing
  std::string_view mask;
  explicit operator bool() const { return begin != end; }
};

bool is_mail_domain(std::string_view domain) {
  const auto dot = domain.rfind('.');
  if (dot == std::string_view::npos || domain.front() == '.' || domain.find("..") != std::string_view::npos)
    return false;
  const auto last = domain.substr(dot + 1);
  bool letter = false;
  for (const char c : last) letter |= is_letter(c);
  return last.size() >= 2 && letter;
}

/// How much of the text's beginning is the domain of an address: without the dot behind a sentence, and
/// without labels that cannot be its last.
std::size_t mail_domain(std::string_view text) {
  for (;;) {
    while (!text.empty() && !in_word(text.back())) text.remove_suffix(1);
    if (is_mail_domain(text)) return text.size();
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos) return 0;
    text = text.substr(0, dot);
  }
}

/// Around the `@` at `at`, not reaching back before `floor`.
found find_mail(std::string_view text, std::size_t at, std::size_t floor) {
  auto begin = at, end = at + 1;
  while (begin > floor && in_mail_name(text[begin - 1])) --begin;
  while (end < text.size() && end <= at + longest_domain && in_mail_domain(text[end])) ++end;
  const auto domain = text.substr(at + 1, end - at - 1);
  const auto size = begin == at || domain.size() > longest_domain ? 0 : mail_domain(domain);
  return size == 0 ? found{} : found{begin, at + 1 + size, "(email)"};
}

/// Luhn's check, taken digit by digit for every length at once: a digit that is doubled or not depends on how
/// many follow.
struct luhn {
  unsigned plain = 0, doubled = 0;  // sums, if the last digit counts once, and if it counts twice
  void add(unsigned digit) {
    const auto twice = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
    const auto last_once = doubled + digit;
    doubled = plain + twice;
    plain = last_once;
  }
  bool holds() const { return plain % 10 == 0; }
};

bool ends_word(std::string_view text, std::size_t at) { return at == text.size() || !in_word(text[at]); }

std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// From the digit at `at`, which begins a group: the longest card number.
found find_card(std::string_view text, std::size_t at) {
  if (text[at] < '2' || text[at] > '6') return {};
  luhn check;
  found best;
  for (auto group = at; group < text.size() && is_digit(text[group]);) {
    const auto end = end_of_digits(text, group);
    if (end - group < shortest_card_group || end - group > longest_card) break;
    for (auto i = group; i < end; ++i) check.add(static_cast<unsigned>(text[i] - '0'));
    std::size_t digits = 0;
    for (auto i = at; i < end; ++i) digits += is_digit(text[i]);
    if (digits > longest_card) break;
    if (digits >= shortest_card && check.holds() && ends_word(text, end)) best = {at, end, "(card)"};
    if (end == text.size() || !is_one_of(text[end], " +-")) break;
    group = end + 1;
  }
  return best;
}

/// Where the next group of a phone number's digits begins; npos when none follows.
std::size_t next_phone_group(std::string_view text, std::size_t at) {
  for (std::size_t gap = 0; gap <= longest_phone_gap && at < text.size(); ++gap, ++at) {
    if (is_digit(text[at])) return at;
    if (!is_one_of(text[at], " +-.()/")) break;
  }
  return std::string_view::npos;
}

/// From the `+` at `at`: the longest phone number.
found find_phone(std::string_view text, std::size_t at, std::size_t floor) {
  if (at > floor && in_word(text[at - 1])) return {};
  found best;
  std::size_t digits = 0;
  for (auto group = next_phone_group(text, at + 1); group != std::string_view::npos;) {
    const auto end = end_of_digits(text, group);
    digits += end - group;
    if (digits > longest_phone) break;
    if (digits >= shortest_phone && ends_word(text, end)) best = {at, end, "(phone)"};
    group = next_phone_group(text, end);
  }
  return best;
}

/// Neither within a word nor the fraction of a number.
bool begins_number(std::string_view text, std::size_t at, std::size_t floor) {
  if (at == floor) return true;
  if (text[at - 1] == '.' && at > 1 && is_digit(text[at - 2])) return false;
  return !in_word(text[at - 1]);
}

/// What stands at `at`, where nothing that was found before reaches beyond `floor`.
found find_at(std::string_view text, std::size_t at, std::size_t floor) {
  const char c = text[at];
  if (c == '@') return find_mail(text, at, floor);
  if (c == '+') return find_phone(text, at, floor);
  return is_digit(c) && begins_number(text, at, floor) ? find_card(text, at) : found{};
}

enum class sort : std::uint8_t { other, digit, gap, plus, at, percent };

constexpr std::array<sort, 256> sorts = [] {
  std::array<sort, 256> all{};
  for (unsigned char c = '0'; c <= '9'; ++c) all[c] = sort::digit;
  for (const unsigned char c : {' ', '-', '.', '(', ')', '/'}) all[c] = sort::gap;
  all['+'] = sort::plus, all['@'] = sort::at, all['%'] = sort::percent;
  return all;
}();

sort sort_of(int c) { return c < 0 ? sort::other : sorts[static_cast<unsigned char>(c)]; }

}  // namespace

bool may_be_personal(std::string_view text) {
  constexpr std::size_t no_plus = 0;
  std::size_t digits = 0, behind_plus = no_plus;  // the latter counts the `+` itself
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto what = sort_of(static_cast<unsigned char>(text[i]));
    if (what == sort::percent) {
      const auto code = encoded(text, i + 1);
      if (code >= 0) i += 2;
      what = sort_of(code);
    }
    switch (what) {
      case sort::other:
        digits = 0, behind_plus = no_plus;
        break;
      case sort::digit:
        if (behind_plus != no_plus) ++behind_plus;
        if (++digits >= shortest_card || behind_plus > shortest_phone) return true;
        break;
      case sort::gap:
        break;
      case sort::plus:
        if (behind_plus == no_plus) behind_plus = 1;
        break;
      case sort::at:
      case sort::percent:  // encoded twice: a closer look is needed
        return true;
    }
  }
  return false;
}

std::size_t mask_personal_data(std::string_view text, std::string& out) {
  if (!may_be_personal(text)) return 0;
  thread_local decoded_text decoded;
  decoded.read(text);
  const std::string_view plain = decoded.plain;
  std::size_t count = 0, done = 0;  // `done` of the decoded text is behind the last find
  for (std::size_t at = 0; at < plain.size();) {
    const auto what = find_at(plain, at, done);
    if (!what) {
      ++at;
      continue;
    }
    const auto from = decoded.begins[done];
    out.append(text.substr(from, decoded.begins[what.begin] - from)).append(what.mask);
    at = done = what.end;
    ++count;
  }
  if (count > 0) out.append(text.substr(decoded.begins[done]));
  return count;
}

std::size_t mask_url(std::string_view url, std::string& out) {
  const auto query = url.find('?');
  if (query == std::string_view::npos) return 0;
  const auto before = out.size();
  out.append(url.substr(0, query + 1));
  const auto count = mask_personal_data(url.substr(query + 1), out);
  if (count == 0) out.resize(before);
  return count;
}

}  // namespace weir
