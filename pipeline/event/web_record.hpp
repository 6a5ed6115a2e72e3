#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/web_fields.hpp"
#include "pipeline/rules.hpp"

namespace simdjson::dom {
class object;
}

namespace weir {

/// One value of a record's JSON.
struct json_value {
  enum class kind : std::uint8_t { null, boolean, integer, real, string, array, object };
  kind what = kind::null;
  bool truth = false;
  std::uint32_t begin = 0, end = 0;  // the parser's, see web_record::json
  double number = 0;                 // of an integer or real
  std::string_view text;             // of a string, decoded; lives until the next record is read
};

/// What a value is without what it says, for messages: `a string`, `an array`.
std::string_view kind_name(json_value::kind what);

/// A set of fields, in the order in which they are checked.
class web_field_set {
 public:
  void clear() { words_ = {}; }
  void add(web_field field) { words_[index(field) / 64] |= bit(field); }
  bool has(web_field field) const { return words_[index(field) / 64] & bit(field); }
  /// The first of the set from `from` on; `web_field::count_` when there is none.
  web_field next(web_field first) const {
    auto from = index(first);
    for (auto word = from / 64; word < words_.size(); ++word, from = word * 64) {
      const auto rest = words_[word] >> (from % 64);
      if (rest) return static_cast<web_field>(from + static_cast<std::size_t>(std::countr_zero(rest)));
    }
    return web_field::count_;
  }

 private:
  static std::size_t index(web_field field) { return static_cast<std::size_t>(field); }
  static std::uint64_t bit(web_field field) { return std::uint64_t{1} << (index(field) % 64); }
  std::array<std::uint64_t, web_fields / 64 + 1> words_{};
};

/// Of a record that is too large; size 0: no one knows how large.
fault oversize_fault(std::size_t most, std::size_t size);

/// Reads the JSON of one record after the other and finds the fields of web events in it. Of duplicate names
/// the first counts; null and the empty string count as absent. Owned by one lane.
class web_record {
 public:
  explicit web_record(const validation_rules& rules);
  ~web_record();

  /// Returns false and fills `f` when the payload is not one JSON object within the rules' size and depth.
  bool read(std::string_view payload, fault& f);

  const web_field_set& present() const { return present_; }
  /// Only of a field that is present.
  const json_value& operator[](web_field field) const { return values_[static_cast<std::size_t>(field)]; }
  /// The value's JSON as it stands in the payload.
  std::string_view json(const json_value& value) const;
  /// user_agent is there, but empty.
  bool empty_agent() const { return empty_agent_; }

 private:
  struct parser;

  void find_fields(const simdjson::dom::object& object);
  web_field field_of(web_field before, std::string_view name);
  void note(web_field field, const json_value& value);
  bool is_sound(fault& f) const;

  const validation_rules& rules_;
  std::unique_ptr<parser> parser_;
  std::unique_ptr<parser> deep_parser_;  // of the rare record that is exactly as deep as is allowed
  const parser* used_ = nullptr;         // the one that read the record
  std::string_view payload_;
  web_field_set seen_, present_;
  bool empty_agent_ = false;
  std::array<json_value, web_fields> values_;
  // Which field came after this one last (`count_`: first, or after an unknown name): a producer's records
  // have them in one order, whichever of them a type has.
  std::array<web_field, web_fields + 1> followed_by_;
};

}  // namespace weir
