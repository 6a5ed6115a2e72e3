#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/hash.hpp"
#include "pipeline/session/search_terms.hpp"
#include "pipeline/session/traffic_source.hpp"

namespace weir {

/// What a listed host is. Of a host in several lists the smallest counts.
enum class referrer_class : std::uint8_t { ad_network, webmail, ai_assistant, social_network, search_engine };

struct listed_referrer {
  referrer_class kind;
  std::string name;
  search_terms terms;
};

/// Finds who a host belongs to: a tree of the listed hosts' labels, walked from the last label on, so that a
/// host that is not listed costs a look-up or two. `{}` matches a label of two letters, which only countries
/// have; at the end of a host also such an ending as `co.uk`. `mail*` matches a label that begins so:
/// providers number their servers.
///
/// Immutable once made; any thread may ask.
class referrer_index {
 public:
  explicit referrer_index(const referrer_lists& lists);
  referrer_index(const referrer_index&) = delete;  // keys point into hosts_

  /// Of the longest listed suffix of a lower-case host; of its entries the one with the longest path that
  /// `path` begins with, an entry without path last. Null if there is none.
  const listed_referrer* find(std::string_view host, std::string_view path) const;

 private:
  using node_id = std::uint32_t;

  struct edge {
    node_id from;
    std::string_view label;
    bool operator==(const edge&) const = default;
  };

  struct edge_hash {
    std::size_t operator()(const edge& e) const { return mix(hash64(e.label), e.from); }
  };

  struct path_entry {
    std::string path;  // empty: the host alone
    const listed_referrer* who;
  };

  struct open_label {
    std::string_view begin;
    node_id to;
  };

  struct node {
    node_id country = 0;              // child for `{}`; 0: none, for the root is nobody's child
    std::vector<open_label> open;     // children for `begin*`
    std::vector<path_entry> entries;  // longest path first, one a path
  };

  struct visit;

  void add(referrer_class kind, const std::vector<referrer_entry>& list);
  void add_url(std::string_view url, const listed_referrer& who);
  node_id child(node_id from, std::string_view label);
  node_id& child_slot(node_id from, std::string_view label);
  void walk(visit& v, node_id at, std::string_view rest) const;
  void walk_country(visit& v, node_id at, std::string_view rest) const;
  void walk_open(visit& v, node_id at, std::string_view rest) const;

  std::deque<listed_referrer> listed_;
  std::deque<std::string> hosts_;
  std::vector<node> nodes_{1};
  absl::flat_hash_map<edge, node_id, edge_hash> edges_;
};

}  // namespace weir
