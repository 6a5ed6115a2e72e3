#include "pipeline/kpi/partial.hpp"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <span>

#include "pipeline/base/arena.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/gold_sketches.hpp"
#include "pipeline/kpi/partial_codec.hpp"

namespace weir {

namespace {

constexpr std::size_t record_limit = 256 * 1024;
/// Spare cells kept for the next epoch.
constexpr std::size_t pool_limit = 1 << 16;
/// What a cell is taken to weigh: at first, for each addition if it has sketches, and at most.
constexpr std::size_t cell_weight = 64;
constexpr std::size_t addition_weight = 8;
constexpr std::uint32_t most_weight = 32 * 1024;
/// Contributions that are looked up together, so that one's memory arrives while another's is asked for.
constexpr std::size_t block_size = 16;

constexpr unsigned size_bits = 16;  // no text is longer: contributions cuts them

/// Sizes of the site and the key's parts in one word.
std::uint64_t shape_of(const contribution& c) {
  return c.site.size() | c.key[0].size() << size_bits | c.key[1].size() << 2 * size_bits |
         c.key[2].size() << 3 * size_bits;
}

/// A cell of the table and what it belongs to: two cache lines.
struct alignas(64) entry {
  std::int64_t window;
  const char* texts;    // site and key, one after the other as a contribution's; in the table's arena
  std::uint64_t shape;  // of these
  std::uint32_t late;
  std::uint32_t weight;
  cell data;

  bool is_of(const contribution& c) const {
    const auto same_shape = shape == shape_of(c) && window == c.window;
    return same_shape && std::memcmp(texts, c.site.data(), text_size()) == 0;
  }
  std::size_t text_size() const { return size(0) + size(1) + size(2) + size(3); }
  std::string_view site() const { return {texts, size(0)}; }
  std::array<std::string_view, 3> key() const {
    const auto* a = texts + size(0);
    const auto* b = a + size(1);
    return {std::string_view{a, size(1)}, {b, size(2)}, {b + size(2), size(3)}};
  }

 private:
  std::size_t size(unsigned text) const { return shape >> text * size_bits & 0xffff; }
};

/// A place in the index. The hash stands beside the pointer: it spares the look at the wrong entry.
struct place {
  std::uint64_t hash;
  entry* at;
};
struct probe {
  std::uint64_t hash;
  const contribution& c;
};
struct place_hash {
  using is_transparent = void;
  std::size_t operator()(const place& p) const { return p.hash; }
  std::size_t operator()(const probe& p) const { return p.hash; }
};
struct place_equal {
  using is_transparent = void;
  bool operator()(const place& a, const place& b) const { return a.at == b.at; }
  bool operator()(const place& a, const probe& b) const { return a.hash == b.hash && a.at->is_of(b.c); }
};

std::uint64_t hash_of(const contribution& c) { return mix(c.hash, static_cast<std::uint64_t>(c.window)); }

/// Empties a cell, keeps the memory of its vectors.
void wipe(cell& c) {
  std::fill(c.sums.begin(), c.sums.end(), 0);
  for (auto& x : c.uniques) x = {};
  for (auto& x : c.samples) x = {};
  for (auto& x : c.tops) x = {};
}

/// Where an entry goes in a flush. Within a window the hash decides: paths share long prefixes.
struct ordered {
  std::string_view site;
  unsigned shard;
  std::int64_t window;
  std::uint64_t hash;
  const entry* at;
  bool operator<(const ordered& x) const {
    if (const auto by_site = site.compare(x.site); by_site != 0) return by_site < 0;
    if (shard != x.shard) return shard < x.shard;
    if (window != x.window) return window < x.window;
    return hash != x.hash ? hash < x.hash : at->key() < x.at->key();
  }
};
using entries = std::vector<ordered>;
using emitter = std::function<void(std::string_view, std::string_view)>;
using late_counts = std::vector<partial_record::late_count>;

/// Late events by window, in order.
late_counts late_of(entries::const_iterator first, entries::const_iterator last) {
  std::map<std::int64_t, std::int64_t> by_window;
  for (; first != last; ++first)
    if (first->at->late != 0) by_window[first->at->window] += first->at->late;
  late_counts counts;
  for (const auto& [window, events] : by_window) counts.push_back({window, events});
  return counts;
}

std::string topic_key(std::string_view site, family fam, unsigned shard) {
  std::string key(site);
  key.append("|").append(definition(fam).name).append("|").append(std::to_string(shard));
  return key;
}

}  // namespace

struct partial_table::tables {
  tables(family f, unsigned n)
      : fam(f),
        shards(definition(f).sharded ? std::max(n, 1U) : 1),
        growth(has_sketches(f) ? addition_weight : 0) {}

  entry& find(const contribution& c, std::uint64_t hash);
  entry& make(const contribution& c);
  void add(entry& e, const contribution& c, const addition* additions);
  entries in_order() const;
  void flush_site(entries::const_iterator first, entries::const_iterator last, const emitter& emit);
  void flush_shard(entries::const_iterator first, entries::const_iterator last, const late_counts& late,
                   std::string_view site, unsigned shard, const emitter& emit);
  void clear();

  family fam;
  unsigned shards;
  std::size_t growth;  // weight of an addition
  absl::flat_hash_set<place, place_hash, place_equal> index;
  std::deque<entry> pool;  // the first `used` are in use
  std::size_t used = 0;
  std::size_t weight = 0;
  arena texts;
  partial_writer writer;
  std::string scratch;
};

entry& partial_table::tables::make(const contribution& c) {
  if (used == pool.size()) pool.emplace_back().data.sums.resize(definition(fam).sums.size());
  auto& e = pool[used++];
  e.window = c.window;
  e.shape = shape_of(c);
  e.texts = texts.keep({c.site.data(), e.text_size()}).data();
  e.late = 0;
  e.weight = static_cast<std::uint32_t>(cell_weight + e.text_size());
  weight += e.weight;
  return e;
}

entry& partial_table::tables::find(const contribution& c, std::uint64_t hash) {
  const auto found = index.find(probe{hash, c});
  if (found != index.end()) return *found->at;
  auto& e = make(c);
  index.insert({hash, &e});
  return e;
}

void partial_table::tables::add(entry& e, const contribution& c, const addition* additions) {
  e.late += c.late;
  e.data.add(additions, c.count);
  if (e.weight >= most_weight) return;
  const auto more = growth * c.count;
  e.weight += static_cast<std::uint32_t>(more);
  weight += more;
}

entries partial_table::tables::in_order() const {
  entries order;
  order.reserve(used);
  for (std::size_t i = 0; i < used; ++i) {
    const auto& e = pool[i];
    order.push_back(
        {e.site(), shard_of(fam, e.key()[0], shards), e.window, hash64({e.texts, e.text_size()}), &e});
  }
  std::sort(order.begin(), order.end());
  return order;
}

void partial_table::tables::flush_shard(entries::const_iterator first, entries::const_iterator last,
                                        const late_counts& late, std::string_view site, unsigned shard,
                                        const emitter& emit) {
  const auto key = topic_key(site, fam, shard);
  writer.begin(site, fam, shard, late);
  bool pending = !late.empty();
  for (; first != last; ++first) {
    const auto& e = *first->at;
    scratch.clear();
    if (!encode_key_and_cell(fam, e.key(), e.data, scratch)) continue;
    if (pending && writer.size() + scratch.size() + partial_writer::most_window_size > record_limit) {
      emit(key, writer.bytes());
      writer.begin(site, fam, shard, {});  // late counts are told once
    }
    writer.append(e.window, scratch);
    pending = true;
  }
  if (pending) emit(key, writer.bytes());
}

void partial_table::tables::flush_site(entries::const_iterator first, entries::const_iterator last,
                                       const emitter& emit) {
  const auto site = first->site;
  const auto late = late_of(first, last);
  for (unsigned shard = 0; shard < shards; ++shard) {
    const auto end = std::find_if(first, last, [shard](const ordered& e) { return e.shard != shard; });
    flush_shard(first, end, late, site, shard, emit);
    first = end;
  }
}

void partial_table::tables::clear() {
  const auto size = index.size();
  index.clear();
  index.reserve(std::min(size, pool_limit));
  if (pool.size() > pool_limit) pool.resize(pool_limit);
  for (std::size_t i = 0; i < std::min(used, pool.size()); ++i) wipe(pool[i].data);
  used = weight = 0;
  texts.reset();
}

partial_table::partial_table(family fam, unsigned shards) : tables_(std::make_unique<tables>(fam, shards)) {}
partial_table::~partial_table() = default;
partial_table::partial_table(partial_table&&) noexcept = default;

void partial_table::add(const contribution& c, const addition* additions) {
  tables_->add(tables_->find(c, hash_of(c)), c, additions);
}

void partial_table::add(const contributions& made) {
  auto& t = *tables_;
  const std::span all = made.of(t.fam);
  std::array<std::uint64_t, block_size> hashes;
  std::array<entry*, block_size> found;
  for (std::size_t at = 0; at < all.size(); at += block_size) {
    const auto block = all.subspan(at, std::min(block_size, all.size() - at));
    for (std::size_t i = 0; i < block.size(); ++i)
      t.index.prefetch(probe{hashes[i] = hash_of(block[i]), block[i]});
    for (std::size_t i = 0; i < block.size(); ++i) {
      found[i] = &t.find(block[i], hashes[i]);
      __builtin_prefetch(found[i]->data.sums.data());
    }
    for (std::size_t i = 0; i < block.size(); ++i) t.add(*found[i], block[i], made.additions(block[i]));
  }
}

bool partial_table::empty() const { return tables_->used == 0; }

std::size_t partial_table::bytes() const { return tables_->weight; }

void partial_table::flush(const std::function<void(std::string_view key, std::string_view value)>& emit) {
  const auto order = tables_->in_order();
  for (auto first = order.begin(); first != order.end();) {
    const auto site = first->site;
    const auto last = std::find_if(first, order.end(), [site](const ordered& e) { return e.site != site; });
    tables_->flush_site(first, last, emit);
    first = last;
  }
  tables_->clear();
}

}  // namespace weir
