#include "tools/explain/gold_search.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace weir {

namespace {

using simdjson::dom::element;
constexpr std::size_t most_others = 5;

std::string text_of(const element& x) {
  std::string_view text;
  return x.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(x);
}

}  // namespace

struct gold_search::parser {
  simdjson::dom::parser json;
};

gold_search::gold_search(wanted w) : wanted_(std::move(w)), parser_(std::make_unique<parser>()) {}
gold_search::~gold_search() = default;

bool gold_search::take(std::string_view json) try {
  const element record = parser_->json.parse(json.data(), json.size());
  const auto same = [&](const char* field, std::string_view text) {
    return std::string_view(record[field].get_string()) == text;
  };
  const std::int64_t start = record["window_start"].get_int64(), end = record["window_end"].get_int64();
  const std::int64_t revision = record["revision"].get_int64();
  if (!same("site_id", wanted_.site) || !same("family", definition(wanted_.fam).name) ||
      !same("granularity", to_string(wanted_.size)))
    return true;
  if (wanted_.at && (*wanted_.at < start || *wanted_.at >= end)) return true;
  for (const auto& [name, value] : wanted_.key)
    if (text_of(record["key"][name]) != value) {
      auto other = simdjson::minify(record["key"]);
      if (others_.size() < most_others && std::find(others_.begin(), others_.end(), other) == others_.end())
        others_.push_back(std::move(other));
      return true;
    }
  if (start < found_.start) return true;
  if (start > found_.start) found_ = {{}, start, end, -1, 0};
  ++found_.seen;
  if (revision >= found_.revision) found_ = {std::string(json), start, end, revision, found_.seen};
  return true;
} catch (const simdjson::simdjson_error&) {
  return false;
}

}  // namespace weir
