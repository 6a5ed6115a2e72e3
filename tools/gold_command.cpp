#include "tools/gold_command.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <tuple>

#include "pipeline/kpi/gold_cover.hpp"
#include "pipeline/kpi/gold_merge.hpp"
#include "pipeline/kpi/gold_reader.hpp"
#include "tools/line_source.hpp"
#include "tools/time_option.hpp"
#include "tools/usage_error.hpp"

namespace weir {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int unusable = 2;

constexpr std::size_t longest_line = 16 << 20;  // no gold record comes near
constexpr std::size_t batch = 1000;

std::string key_names() {
  std::string names;
  for (std::size_t f = 0; f < families; ++f)
    for (const auto name : definition(static_cast<family>(f)).key)
      if (names.find(name) == std::string::npos) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

/// What the options ask for.
class filter {
 public:
  explicit filter(const gold_merge_options& o)
      : from_(time_option("--from", o.from, std::numeric_limits<std::int64_t>::min())),
        to_(time_option("--to", o.to, std::numeric_limits<std::int64_t>::max())),
        site_(o.site),
        final_only_(o.final_only) {
    if (from_ >= to_) throw usage_error("--to must be after --from");
    if (!o.granularity.empty() && !(size_ = find_granularity(o.granularity)))
      throw usage_error(
          fmt::format("--granularity: expected 5m, 1h, 1d, 1dl or range, got \"{}\"", o.granularity));
    if (!o.family.empty() && !(family_ = find_family(o.family)))
      throw usage_error(fmt::format("--family: there is no family \"{}\"", o.family));
    for (const auto& key : o.keys) add_key(key);
  }

  /// Local days are other cuts of the same time: they count only when they are asked for.
  bool takes_window(const gold_head& h) const {
    const auto& w = h.window;
    return w.start >= from_ && w.end <= to_ &&
           (size_ ? w.size == *size_ : w.size != granularity::local_day) && (w.final || !final_only_) &&
           (!family_ || h.fam == *family_) && (site_.empty() || h.site == site_);
  }

  bool takes_key(const gold_head& h) const {
    const auto names = definition(h.fam).key;
    for (const auto& [name, value] : keys_) {
      const auto at = std::find(names.begin(), names.end(), name);
      if (at == names.end() || h.key[static_cast<std::size_t>(at - names.begin())] != value) return false;
    }
    return true;
  }

 private:
  void add_key(const std::string& text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == std::string::npos ||
        (", " + key_names() + ",").find(", " + name + ",") == std::string::npos)
      throw usage_error(
          fmt::format("--key: expected NAME=VALUE, NAME one of {}, got \"{}\"", key_names(), text));
    keys_.emplace_back(name, text.substr(equals + 1));
  }

  std::int64_t from_, to_;
  std::optional<granularity> size_;
  std::optional<family> family_;
  std::string site_;
  std::vector<std::pair<std::string, std::string>> keys_;
  bool final_only_;
};

/// The records that may count, of each window and key the one of the highest revision.
class held_records {
 public:
  explicit held_records(const filter& wanted) : wanted_(wanted) {}

  void read(const std::string& file) {
    line_source source(file, longest_line, 0);
    while (const auto chunk = source.next(batch))
      for (const auto& e : chunk->entries)
        take(chunk->value(e),
             fmt::format("{}:{}", file == "-" ? std::string("standard input") : file, e.offset + 1));
  }

  /// Calls `write(union, windows)` for each key.
  template <class Write>
  void unite(const rules& settings, Write&& write) const {
    std::map<group, std::vector<gold_window>> covers;
    for (const auto& [of, windows] : windows_) covers[of] = cover_of(of, windows);
    for (const auto& [who, records] : records_) {
      const auto& cover = covers.at({std::get<0>(who), std::get<1>(who)});
      gold_merge sum(settings);
      for (const auto& w : cover) {
        const auto found = records.find(name_of(w));
        if (found != records.end()) add(sum, found->second);
      }
      if (!sum.empty()) write(sum, cover);
    }
  }

 private:
  using group = std::tuple<family, std::string>;  // and site
  using subject = std::tuple<family, std::string, std::array<std::string, 3>>;
  using window_name = std::tuple<std::int64_t, std::int64_t, granularity>;
  struct held {
    std::int64_t revision;
    bool final;
    std::string text, where;
  };

  void take(std::string_view text, std::string where) try {
    if (text.size() > longest_line) throw gold_merge_error("not a gold record: longer than 16 MiB");
    const auto h = reader_.head(text);
    if (!wanted_.takes_window(h)) return;
    learn(h);
    if (!wanted_.takes_key(h)) return;
    const auto [at, added] = records_[{h.fam, h.site, h.key}].try_emplace(name_of(h.window));
    if (added || h.revision > at->second.revision)
      at->second = {h.revision, h.window.final, std::string(text), std::move(where)};
  } catch (const gold_merge_error& x) {
    throw gold_merge_error(where + ": " + x.what());
  }

  /// What a window's records say of it only ever turns from false to true, and grows.
  void learn(const gold_head& h) {
    auto& known = windows_[{h.fam, h.site}].try_emplace(name_of(h.window), h.window).first->second;
    known.final |= h.window.final;
    known.events_final |= h.window.events_final;
    known.capped |= h.window.capped;
    known.late_events = std::max(known.late_events, h.window.late_events);
  }

  static window_name name_of(const gold_window& w) { return {w.start, w.end, w.size}; }

  static std::vector<gold_window> cover_of(const group& of,
                                           const std::map<window_name, gold_window>& windows) try {
    std::vector<gold_window> all;
    for (const auto& [_, w] : windows) all.push_back(w);
    return gold_cover(std::move(all));
  } catch (const gold_merge_error& x) {
    throw gold_merge_error(
        fmt::format("{} of {}: {}", definition(std::get<0>(of)).name, std::get<1>(of), x.what()));
  }

  static void add(gold_merge& sum, const held& record) try {
    sum.add(record.text);
  } catch (const gold_merge_error& x) {
    throw gold_merge_error(record.where + ": " + x.what() +
                           (record.final ? "" : "; --final leaves such records out"));
  }

  const filter& wanted_;
  gold_reader reader_;
  std::map<group, std::map<window_name, gold_window>> windows_;
  std::map<subject, std::map<window_name, held>> records_;
};

int merge(const settings& configuration, const gold_merge_options& options, std::ostream& standard,
          std::ostream& errors) {
  const filter wanted(options);
  held_records records(wanted);
  for (const auto& file : options.files) records.read(file);
  const auto settings = make_rules(configuration);
  std::string line;
  std::size_t written = 0;
  records.unite(settings, [&](const gold_merge& sum, const std::vector<gold_window>& windows) {
    line.clear();
    sum.write(line, windows);
    line += '\n';
    standard.write(line.data(), static_cast<std::streamsize>(line.size()));
    ++written;
  });
  if (!standard.flush()) throw std::runtime_error("standard output cannot be written");
  if (written == 0) errors << "weir gold merge: no record is what was asked for\n";
  return done;
}

}  // namespace

int gold_merge_command(const settings& configuration, const gold_merge_options& options,
                       std::ostream& standard, std::ostream& errors) {
  try {
    return merge(configuration, options, standard, errors);
  } catch (const usage_error& x) {
    errors << "weir gold merge: " << x.what() << '\n';
    return unusable;
  } catch (const std::exception& x) {
    errors << "weir gold merge: " << x.what() << '\n';
    return failed;
  }
}

}  // namespace weir
