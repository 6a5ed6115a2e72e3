#include "config/types.hpp"

#include <algorithm>
#include <chrono>

#include <limits>

#include <date/date.h>
#include <fmt/format.h>

#include "config/yaml.hpp"
#include "pipeline/event/time_format.hpp"
#include "pipeline/kpi/family.hpp"

namespace weir::config {
namespace {

bool is_plain(const node& from) { return from.is(node::kind::scalar) && !from.quoted; }

bool is_word(const node& from, std::initializer_list<std::string_view> words) {
  return is_plain(from) && std::ranges::find(words, from.text) != words.end();
}

bool is_off(const node& from) { return is_word(from, {"off", "Off", "OFF", "false", "False", "FALSE"}); }

node write_text(const std::string& x) { return node::scalar(x, needs_quotes(x)); }

}  // namespace

bool bool_type::read(const node& from, bool& to) const {
  const bool yes = is_word(from, {"true", "True", "TRUE", "on", "On", "ON", "yes", "Yes", "YES"});
  if (!yes && !is_off(from) && !is_word(from, {"no", "No", "NO"})) return false;
  return to = yes, true;
}

template <class Integer>
std::string count_type<Integer>::name() const {
  return fmt::format("{}a whole number{}", automatic ? "auto or " : "",
                     least == most ? fmt::format(": {}", least) : fmt::format(" from {} to {}", least, most));
}

template <class Integer>
bool count_type<Integer>::read(const node& from, Integer& to) const {
  if (automatic && is_word(from, {"auto"})) return to = 0, true;
  const auto x = is_plain(from) ? parse_count(from.text) : std::nullopt;
  if (!x || *x < least || *x > std::min<std::uint64_t>(most, std::numeric_limits<Integer>::max()))
    return false;
  return to = static_cast<Integer>(*x), true;
}

template <class Integer>
node count_type<Integer>::write(Integer x) const {
  return node::scalar(automatic && x == 0 ? "auto" : fmt::format("{}", x));
}

template struct count_type<unsigned>;
template struct count_type<std::uint64_t>;

std::string number_type::name() const { return least ? fmt::format("a number from {}", *least) : "a number"; }

bool number_type::read(const node& from, double& to) const {
  const auto x = is_plain(from) ? parse_number(from.text) : std::nullopt;
  if (!x || (least && *x < *least)) return false;
  return to = *x, true;
}

node number_type::write(double x) const { return node::scalar(fmt::format("{}", x)); }

bool optional_number_type::read(const node& from, value& to) const {
  double x = 0;
  return number_type().read(from, x) && (to = x, true);
}

node optional_number_type::write(value x) const { return x ? number_type().write(*x) : node(); }

std::string duration_type::name() const {
  return fmt::format("a duration{}{}", least == 0 ? "" : " above 0", off ? " or off" : "");
}

bool duration_type::read(const node& from, millis& to) const {
  if (off && is_off(from)) return to = unlimited, true;
  const auto x = from.is(node::kind::scalar) ? parse_duration(from.text) : std::nullopt;
  return x && *x >= least && (to = *x, true);
}

std::string size_type::name() const {
  return fmt::format("a size{}{}", least > 1 ? " from " + format_size(least) : "", off ? " or off" : "");
}

bool size_type::read(const node& from, std::uint64_t& to) const {
  if (off && is_off(from)) return to = unlimited, true;
  const auto x = from.is(node::kind::scalar) ? parse_size(from.text) : std::nullopt;
  return x && *x >= least && (to = *x, true);
}

node size_type::write(std::uint64_t x) const { return node::scalar(x == unlimited ? "off" : format_size(x)); }

bool text_type::read(const node& from, std::string& to) const {
  if (off && is_off(from)) return to.clear(), true;
  if (!from.is(node::kind::scalar) || (off && from.text.empty())) return false;
  return (!valid || valid(from.text)) && (to = from.text, true);
}

node text_type::write(const std::string& x) const {
  return off && x.empty() ? node::scalar("off") : write_text(x);
}

std::string choice_type::name() const {
  const auto last = words.size() - 1;
  return fmt::format("{} or {}", fmt::join(words.begin(), words.begin() + last, ", "), words[last]);
}

bool choice_type::read(const node& from, std::string& to) const {
  const bool known = from.is(node::kind::scalar) && std::ranges::find(words, from.text) != words.end();
  return known && (to = from.text, true);
}

choice_type event_type_type::names() {
  choice_type out;
  for (auto i = 0U; i <= static_cast<unsigned>(event_type::session_end); ++i)
    out.words.emplace_back(to_string(static_cast<event_type>(i)));
  return out;
}

bool event_type_type::read(const node& from, value& to) const {
  if (!from.is(node::kind::scalar)) return false;
  if (from.text.empty()) return to.reset(), true;
  const auto words = names().words;
  const auto found = std::ranges::find(words, from.text == "pageview" ? "page_view" : from.text);
  if (found == words.end()) return false;
  return to = static_cast<event_type>(found - words.begin()), true;
}

node event_type_type::write(value x) const {
  return write_text(x ? std::string(to_string(*x)) : std::string());
}

bool time_type::read(const node& from, value& to) const {
  if (!from.is(node::kind::scalar)) return false;
  if (from.text == "start") return to.reset(), true;
  std::int64_t at = 0;
  return parse_time(from.text, at) && (to = at, true);
}

node time_type::write(value x) const {
  if (!x) return node::scalar("start");
  return node::scalar(
      date::format("%FT%TZ", date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(*x))));
}

choice_type families_type::names() {
  choice_type out;
  for (std::size_t i = 0; i < families; ++i) out.words.emplace_back(definition(static_cast<family>(i)).name);
  return out;
}

bool families_type::read(const node& from, value& to) const {
  if (!from.is(node::kind::list) || from.children.empty()) return false;
  value out;
  for (const auto& child : from.children) {
    const auto fam = child.is(node::kind::scalar) ? find_family(child.text) : std::nullopt;
    if (!fam) return false;
    out.set(static_cast<std::size_t>(*fam));
  }
  return to = out, true;
}

node families_type::write(const value& x) const {
  auto out = node::list();
  for (std::size_t i = 0; i < families; ++i)
    if (x[i]) out.children.push_back(node::scalar(std::string(definition(static_cast<family>(i)).name)));
  return out;
}

bool texts_type::read(const node& from, value& to) const {
  if (!from.is(node::kind::list) && !from.is(node::kind::nothing)) return false;
  value out(from.children.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!each.read(from.children[i], out[i])) return false;
  return to = std::move(out), true;
}

node texts_type::write(const value& x) const {
  auto out = node::list();
  for (const auto& text : x) out.children.push_back(each.write(text));
  return out;
}

}  // namespace weir::config
