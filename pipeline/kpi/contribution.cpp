#include "pipeline/kpi/contribution.hpp"

#include <bit>
#include <cstring>

#include "pipeline/session/session.hpp"

namespace weir {

namespace {

constexpr std::string_view none = "(none)";

/// Tops keep up to 1,000 texts and a gold record holds two tops: so long they may be, or the record grows too
/// large.
constexpr std::size_t top_text_kept = 256;

std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::uint64_t payload(const addition& a) {
  switch (a.what) {
    case addition::kind::sum:
      return static_cast<std::uint64_t>(a.sum);
    case addition::kind::unique:
      return a.hash;
    case addition::kind::sample:
      return std::bit_cast<std::uint64_t>(a.value);
    default:
      return hash64(a.text);
  }
}

/// Copies a text to `to` and moves on behind it.
void move_to(char*& to, std::string_view& text) {
  if (text.empty()) return;
  std::memcpy(to, text.data(), text.size());
  text = {to, text.size()};
  to += text.size();
}

}  // namespace

void contributions::begin(family fam, std::int64_t window, std::string_view site, std::string_view k0,
                          std::string_view k1, std::string_view k2) {
  current_.fam = fam;
  current_.late = false;
  owed_ = true;
  current_.first = static_cast<std::uint32_t>(used_);
  current_.window = window;
  current_.site = kept_part(site);
  current_.key = {kept_part(k0), kept_part(k1), kept_part(k2)};
  for (std::size_t i = 0; i < key_parts[static_cast<std::size_t>(fam)]; ++i)
    if (current_.key[i].empty()) current_.key[i] = none;
}

void contributions::top(std::uint8_t slot, std::string_view text, std::int32_t times) {
  next(addition::kind::top, slot, times * sign_).text = texts_.keep(cut(text, top_text_kept));
}

void contributions::end() {
  auto& c = current_;
  c.count = static_cast<std::uint32_t>(used_) - c.first;
  if (c.count == 0) return;
  if (!wants(c.fam)) return drop_last(c.first);
  keep_texts(c);
  if (owed_ && accounting_) count(c);
  if (dropping_)
    drop_last(c.first);
  else
    made_of_[static_cast<std::size_t>(c.fam)].push_back(c);
}

void contributions::drop_last(std::uint32_t first) {
  used_ = first;
  if (used_ == 0) texts_.reset();  // a redo may be long
}

/// One after the other, so that one hash covers them and their comparison is one.
void contributions::keep_texts(contribution& c) {
  const auto size = c.site.size() + c.key[0].size() + c.key[1].size() + c.key[2].size();
  auto* const block = texts_.allocate(size);
  auto* to = block;
  move_to(to, c.site);
  for (auto& part : c.key) move_to(to, part);
  const auto shape = c.site.size() ^ c.key[0].size() << 16 ^ c.key[1].size() << 32 ^ c.key[2].size() << 48;
  c.hash = mix(hash64({block, size}), shape);
}

void contributions::count(const contribution& c) {
  const auto cell = mix(c.hash ^ static_cast<std::uint64_t>(c.fam), static_cast<std::uint64_t>(c.window));
  const auto* const first = additions(c);
  for (const auto* a = first; a != first + c.count; ++a) {
    const auto place = static_cast<std::uint64_t>(a->slot) << 8 | static_cast<std::uint64_t>(a->what);
    made_.add(mix(cell + place, payload(*a)) * static_cast<std::uint64_t>(std::int64_t{a->times}));
  }
}

void contributions::clear() {
  for (auto& of : made_of_) of.clear();
  used_ = 0;
  texts_.reset();
}

}  // namespace weir
