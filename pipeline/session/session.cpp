#include "pipeline/session/session.hpp"

#include <algorithm>

namespace weir {

std::string_view kept_part(std::string_view text) {
  if (text.size() <= text_kept) return text;
  auto end = text_kept;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

bool carried::offer(moment when, std::string_view text) {
  if (text.empty() || (!value.empty() && at <= when)) return false;
  at = when;
  value.assign(kept_part(text));
  return true;
}

void first_views::offer(const moment& view) {
  const auto sooner = [](const moment& x, const moment& y) { return x.offset < y.offset; };
  const auto end = at.begin() + count;
  const auto place = std::upper_bound(at.begin(), end, view, sooner);
  if (place == at.end()) return;
  if (count < at.size()) ++count;
  std::move_backward(place, at.begin() + count - 1, at.begin() + count);
  *place = view;
}

const traffic& session::came_from() const {
  static const traffic direct{"(direct)", "direct", "(none)", ""};
  return evidence ? evidence->found : direct;
}

std::int64_t session::time_on_page(std::size_t i) const {
  const auto end = i + 1 < pages.size() ? pages[i + 1].at.time : last;
  return end - pages[i].at.time;
}

}  // namespace weir
