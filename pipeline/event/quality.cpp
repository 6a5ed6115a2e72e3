#include "pipeline/event/quality.hpp"

#include <algorithm>

namespace weir {

double quality_score(const event& e) {
  int hundredths = 100;
  if (e.session_derived) hundredths -= 30;
  if (e[text::user_id].empty() && e[text::visitor_id].empty()) hundredths -= 30;
  if (e[text::user_agent].empty()) hundredths -= 20;
  // A web event knows no space, so a tour's page is always one without.
  if (e[text::page_path].find("/viewer") != std::string_view::npos) hundredths -= 10;
  if (!e[text::event_name].empty()) hundredths += 5;
  return std::clamp(hundredths, 0, 100) / 100.0;
}

}  // namespace weir
