#include "pipeline/session/funnel_attempt.hpp"

#include <algorithm>

namespace weir {

namespace {

/// Follows attempts through the hits of one funnel. A later attempt's hit of a step never lies before an
/// earlier attempt's, so each step's search goes on where it stood: all attempts together pass the hits once
/// a step.
class attempts {
 public:
  attempts(const session& s, std::uint16_t funnel_index, const funnel& f)
      : within_(f.within), steps_(std::min(f.steps.size(), funnel_steps_kept)), next_(steps_, 0) {
    for (const auto& hit : s.hits)
      if (hit.funnel == funnel_index) hits_.push_back(&hit);
  }

  /// The furthest one, of equals the first.
  funnel_attempt furthest() {
    funnel_attempt best;
    for (std::size_t i = 0; i < hits_.size() && best.reached < steps_; ++i) {
      if (!meets(i, 0)) continue;
      auto found = from(i);
      if (found.reached > best.reached) best = std::move(found);
    }
    return best;
  }

 private:
  bool meets(std::size_t hit, std::size_t step) const { return hits_[hit]->steps >> step & 1U; }

  funnel_attempt from(std::size_t start) {
    funnel_attempt result{1, {hits_[start]->at.time}};
    auto at = start;
    for (std::size_t step = 1; step < steps_; ++step) {
      at = hit_after(at, step);
      if (at >= hits_.size() || hits_[at]->at.time - result.times.front() > within_) break;
      ++result.reached;
      result.times.push_back(hits_[at]->at.time);
    }
    return result;
  }

  std::size_t hit_after(std::size_t hit, std::size_t step) {
    auto& next = next_[step];
    next = std::max(next, hit + 1);
    while (next < hits_.size() && !meets(next, step)) ++next;
    return next;
  }

  millis within_;
  std::size_t steps_;
  std::vector<std::size_t> next_;  // by step: where its search stands
  std::vector<const funnel_hit*> hits_;
};

}  // namespace

funnel_attempt furthest_attempt(const session& s, std::uint16_t funnel_index, const funnel& f) {
  return attempts(s, funnel_index, f).furthest();
}

}  // namespace weir
