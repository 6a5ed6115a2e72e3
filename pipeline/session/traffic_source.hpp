#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/session/session.hpp"

namespace weir {

/// One site of a list of referrers: hosts with optional paths, "google.{}" stands for a country's ending,
/// "mail*." for a label that begins so.
struct referrer_entry {
  std::string name;
  std::vector<std::string> urls;  // "host" or "host/path"
  /// Query parameters that name the search term; `/.../` is a regular expression.
  std::vector<std::string> params;
};

/// The lists behind traffic sources: data, read by config/ from config/data/referrers.
struct referrer_lists {
  std::vector<referrer_entry> search_engines, social_networks, ai_assistants, webmail, ad_networks;
};

/// Classes of traffic. `medium` is the text of the class.
enum class medium : std::uint8_t {
  paid,
  email,
  social,
  organic,
  referral,
  ai_assistant,
  campaign,
  direct,
  dark
};
std::string_view to_string(medium m);

/// Classifies page views and session_start claims as sessions.md, "Traffic source", says. Immutable once
/// made; shared by all lanes.
class traffic_sources {
 public:
  /// Throws std::invalid_argument when a `/.../` of `params` is no regular expression with a group.
  explicit traffic_sources(const referrer_lists& lists);
  ~traffic_sources();
  traffic_sources(const traffic_sources&) = delete;

  struct result {
    medium kind = medium::direct;
    std::string_view source;         // into the arguments, the lists or `scratch`
    std::string_view campaign;       // "(none)" when there is none
    std::string_view term;           // search terms, may be empty
    std::string_view referrer_host;  // lower case, without port, user and `www.`; empty when the referrer is
                                     // our own or none
  };

  /// Of one page view: its URL, its referrer, the site's own domains. What cannot point into the arguments is
  /// put into `scratch` (views stay valid until it is changed).
  result classify(std::string_view page_url, std::string_view referrer,
                  const std::vector<std::string>& own_domains, std::string& scratch) const;

  /// Of a session_start's claim (traffic_source, traffic_medium, campaign_name), read like utm parameters. A
  /// claim that says direct, or nothing, gives `direct`.
  result classify_claim(std::string_view source, std::string_view medium, std::string_view campaign,
                        std::string& scratch) const;

  /// A referrer alone (for the public suite): medium, name and term as the lists have them.
  result classify_referrer(std::string_view referrer, std::string& scratch) const;

 private:
  struct index;
  std::unique_ptr<index> index_;
};

}  // namespace weir
