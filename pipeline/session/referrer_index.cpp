#include "pipeline/session/referrer_index.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "pipeline/session/ascii.hpp"

namespace weir {

namespace {

constexpr std::uint32_t root = 0;
constexpr std::string_view any_country = "{}";

std::string_view last_label(std::string_view host) {
  const auto dot = host.rfind('.');
  return dot == host.npos ? host : host.substr(dot + 1);
}

/// The host without its last label and the dot before it.
std::string_view without_last_label(std::string_view host) {
  const auto dot = host.rfind('.');
  return host.substr(0, dot == host.npos ? 0 : dot);
}

bool is_country(std::string_view label) {
  return label.size() == 2 && is_ascii_letter(label[0]) && is_ascii_letter(label[1]);
}

/// What countries put before their own ending. As in Matomo, which made the lists.
bool is_second_level(std::string_view label) {
  constexpr std::array<std::string_view, 6> labels{"com", "org", "net", "co", "it", "edu"};
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  return lower;
}

}  // namespace

/// A search under way, and the best entry so far.
struct referrer_index::visit {
  std::string_view host;
  std::string_view path;
  const listed_referrer* best = nullptr;
  std::size_t best_length = 0;
  std::size_t best_path = 0;

  /// Longer suffix, then longer path, then smaller class; else who came first: plain labels come before
  /// patterns.
  void offer(std::size_t length, const path_entry& entry) {
    const auto rank = [](std::size_t suffix, std::size_t path_size, const listed_referrer& who) {
      return std::tuple(suffix, path_size, -static_cast<int>(who.kind));
    };
    if (best && rank(length, entry.path.size(), *entry.who) <= rank(best_length, best_path, *best)) return;
    best = entry.who;
    best_length = length;
    best_path = entry.path.size();
  }
};

referrer_index::referrer_index(const referrer_lists& lists) {
  add(referrer_class::ad_network, lists.ad_networks);
  add(referrer_class::webmail, lists.webmail);
  add(referrer_class::ai_assistant, lists.ai_assistants);
  add(referrer_class::social_network, lists.social_networks);
  add(referrer_class::search_engine, lists.search_engines);
}

void referrer_index::add(referrer_class kind, const std::vector<referrer_entry>& list) {
  for (const auto& entry : list) {
    const auto& who = listed_.emplace_back(listed_referrer{kind, entry.name, search_terms(entry.params)});
    for (const auto& url : entry.urls) add_url(url, who);
  }
}

/// Lists come in the order of their classes, so the first entry of a host and path stays.
void referrer_index::add_url(std::string_view url, const listed_referrer& who) {
  const auto slash = std::min(url.find('/'), url.size());
  const std::string_view host = hosts_.emplace_back(lower_case(without_www(url.substr(0, slash))));
  const auto path = url.size() - slash > 1 ? url.substr(slash) : std::string_view();
  auto at = root;
  for (auto rest = host; !rest.empty(); rest = without_last_label(rest)) at = child(at, last_label(rest));
  auto& entries = nodes_[at].entries;
  const auto place = std::find_if(entries.begin(), entries.end(), [&](const auto& e) {
    return e.path.size() < path.size() || e.path == path;
  });
  if (place == entries.end() || place->path != path) entries.insert(place, {std::string(path), &who});
}

referrer_index::node_id referrer_index::child(node_id from, std::string_view label) {
  const auto fresh = static_cast<node_id>(nodes_.size());
  auto& slot = child_slot(from, label);
  if (slot != 0) return slot;
  slot = fresh;
  nodes_.emplace_back();
  return fresh;
}

/// Where the child for a label as listed is kept; 0 there: none yet.
referrer_index::node_id& referrer_index::child_slot(node_id from, std::string_view label) {
  if (label == any_country) return nodes_[from].country;
  if (!label.ends_with('*')) return edges_[{from, label}];
  label.remove_suffix(1);
  auto& open = nodes_[from].open;
  const auto found = std::find_if(open.begin(), open.end(), [&](const auto& o) { return o.begin == label; });
  return found != open.end() ? found->to : open.emplace_back(open_label{label, 0}).to;
}

const listed_referrer* referrer_index::find(std::string_view host, std::string_view path) const {
  visit v{host, path};
  walk(v, root, host);
  return v.best;
}

/// `rest`: what of the host lies before the labels that led to `at`. As deep as the deepest listed host, at
/// most.
void referrer_index::walk(visit& v, node_id at, std::string_view rest) const {
  for (const auto& entry : nodes_[at].entries) {
    if (!v.path.starts_with(entry.path)) continue;
    v.offer(v.host.size() - rest.size(), entry);
    break;
  }
  if (rest.empty()) return;
  const auto next = edges_.find(edge{at, last_label(rest)});
  if (next != edges_.end()) walk(v, next->second, without_last_label(rest));
  if (nodes_[at].country != 0) walk_country(v, at, rest);
  if (!nodes_[at].open.empty()) walk_open(v, at, rest);
}

void referrer_index::walk_country(visit& v, node_id at, std::string_view rest) const {
  if (!is_country(last_label(rest))) return;
  const auto before = without_last_label(rest);
  walk(v, nodes_[at].country, before);
  if (at == root && is_second_level(last_label(before)))
    walk(v, nodes_[at].country, without_last_label(before));
}

void referrer_index::walk_open(visit& v, node_id at, std::string_view rest) const {
  for (const auto& open : nodes_[at].open) {
    if (last_label(rest).starts_with(open.begin)) walk(v, open.to, without_last_label(rest));
  }
}

}  // namespace weir
