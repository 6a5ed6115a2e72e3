#include "pipeline/session/traffic_source.hpp"

#include <array>
#include <optional>

#include "pipeline/session/ascii.hpp"
#include "pipeline/session/campaign_tags.hpp"
#include "pipeline/session/read_referrer.hpp"
#include "pipeline/session/referrer_index.hpp"

namespace weir {

namespace {

/// All that the steps look at.
struct evidence_read {
  campaign_tags tags;
  referrer_read referrer;
  const listed_referrer* listed = nullptr;
};

struct tagged {
  std::string_view text;
  medium kind;
};

constexpr std::array<tagged, 11> tagged_media{{{"cpc", medium::paid},
                                               {"ppc", medium::paid},
                                               {"paid", medium::paid},
                                               {"paidsearch", medium::paid},
                                               {"cpm", medium::paid},
                                               {"display", medium::paid},
                                               {"retargeting", medium::paid},
                                               {"email", medium::email},
                                               {"social", medium::social},
                                               {"organic", medium::organic},
                                               {"referral", medium::referral}}};

/// The class that a utm_medium asks for, if it is one of those known.
std::optional<medium> tagged_medium(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  for (const auto& t : tagged_media) {
    if (equal_ignoring_case(text, t.text)) return t.kind;
  }
  return std::nullopt;
}

/// The steps 1 to 5 of "Traffic source", in their order.
medium kind_of(const evidence_read& e) {
  const auto asked = tagged_medium(e.tags.medium);
  const auto from = [&](referrer_class c) { return e.listed && e.listed->kind == c; };
  if (!e.tags.clicked.empty() || asked == medium::paid || from(referrer_class::ad_network))
    return medium::paid;
  if (asked == medium::email || from(referrer_class::webmail)) return medium::email;
  if (asked == medium::social || from(referrer_class::social_network)) return medium::social;
  if (asked == medium::organic || from(referrer_class::search_engine)) return medium::organic;
  if (asked == medium::referral) return medium::referral;
  if (from(referrer_class::ai_assistant)) return medium::ai_assistant;
  if (!e.tags.source.empty()) return medium::campaign;
  if (e.referrer.what == referrer_read::kind::foreign) return medium::referral;
  return e.referrer.what == referrer_read::kind::dark ? medium::dark : medium::direct;
}

std::string_view source_of(const evidence_read& e, medium kind) {
  if (!e.tags.source.empty()) return e.tags.source;
  if (!e.tags.clicked.empty()) return e.tags.clicked;
  if (e.listed) return e.listed->name;
  if (!e.referrer.host.empty()) return e.referrer.host;
  return kind == medium::dark ? "(dark)" : "(direct)";
}

traffic_sources::result decide(const evidence_read& e, std::string_view search_term) {
  traffic_sources::result r;
  r.kind = kind_of(e);
  r.source = source_of(e, r.kind);
  r.campaign = e.tags.campaign.empty() ? "(none)" : e.tags.campaign;
  r.term = e.tags.term.empty() ? search_term : e.tags.term;
  r.referrer_host = e.referrer.host;
  return r;
}

bool says_direct(std::string_view claim) {
  claim = trimmed(claim);
  return equal_ignoring_case(claim, "direct") || equal_ignoring_case(claim, "(direct)");
}

}  // namespace

struct traffic_sources::index {
  explicit index(const referrer_lists& lists) : referrers(lists) {}
  referrer_index referrers;
};

std::string_view to_string(medium m) {
  constexpr std::array<std::string_view, 9> names{"paid",         "email",    "social", "organic", "referral",
                                                  "ai_assistant", "campaign", "direct", "dark"};
  return names[static_cast<std::size_t>(m)];
}

traffic_sources::traffic_sources(const referrer_lists& lists) : index_(std::make_unique<index>(lists)) {}
traffic_sources::~traffic_sources() = default;

traffic_sources::result traffic_sources::classify(std::string_view page_url, std::string_view referrer,
                                                  const std::vector<std::string>& own_domains,
                                                  std::string& scratch) const {
  scratch_text texts(scratch, page_url.size() + 2 * referrer.size());
  evidence_read e;
  e.tags = read_campaign_tags(query_of(page_url), texts);
  e.referrer = read_referrer(referrer, page_url, own_domains, texts);
  std::string_view term;
  if (!e.referrer.host.empty()) e.listed = index_->referrers.find(e.referrer.host, e.referrer.parts.path);
  if (e.listed) term = e.listed->terms.find(referrer, e.referrer.parts, texts);
  return decide(e, term);
}

traffic_sources::result traffic_sources::classify_claim(std::string_view source, std::string_view medium,
                                                        std::string_view campaign,
                                                        std::string& scratch) const {
  scratch.clear();
  evidence_read e;
  if (!says_direct(source) && !says_direct(medium)) e.tags = {source, medium, campaign, {}, {}};
  return decide(e, {});
}

traffic_sources::result traffic_sources::classify_referrer(std::string_view referrer,
                                                           std::string& scratch) const {
  return classify({}, referrer, {}, scratch);
}

}  // namespace weir
