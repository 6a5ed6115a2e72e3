#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/hash.hpp"

namespace weir {

/// The topics that a task writes. Gold topics are one a family, see `kpi/family.hpp`.
enum class output : std::uint8_t { rekeyed, events, sessions, users, late, dlq, partials, gold, count_ };
std::string_view to_string(output topic);

/// Where the outputs of one epoch go, in order. In redo, outputs are counted and dropped.
/// Owned by one lane; not for other threads.
class outbox {
 public:
  struct record {
    output topic;
    std::uint8_t family;     // of gold; else 0
    std::int32_t partition;  // -1: by hash of the key
    std::int32_t source;     // of a session: the partition that it is of; else -1
    std::uint32_t key_at, key_size, value_at, value_size;
  };

  /// Begins a record; one that is left without a value ends its key. Append its value to `value()` and call
  /// `end`.
  void begin(output topic, std::int32_t partition, std::string_view key, std::uint8_t family = 0,
             std::int32_t source = -1) {
    current_ = {topic,
                family,
                partition,
                source,
                static_cast<std::uint32_t>(bytes_.size()),
                static_cast<std::uint32_t>(key.size()),
                0,
                0};
    bytes_.append(key);
    current_.value_at = static_cast<std::uint32_t>(bytes_.size());
  }
  std::string& value() { return bytes_; }
  /// How much of the current record's value there is.
  std::size_t value_size() const { return bytes_.size() - current_.value_at; }
  /// Takes the current record's value back, to write another.
  void rewind() { bytes_.resize(current_.value_at); }
  void end() {
    current_.value_size = static_cast<std::uint32_t>(bytes_.size() - current_.value_at);
    if (accounting_) made_.add(mix(hash64(value(current_)), static_cast<std::uint64_t>(current_.topic) + 1));
    if (dropping_)
      bytes_.resize(current_.key_at);
    else
      records_.push_back(current_);
  }
  void put(output topic, std::int32_t partition, std::string_view key, std::string_view value) {
    begin(topic, partition, key);
    bytes_.append(value);
    end();
  }

  /// In redo: count, do not keep.
  void drop(bool on) { dropping_ = on; }
  bool dropping() const { return dropping_; }

  /// Keeps no account from now on: for what never redoes.
  void no_account() { accounting_ = false; }
  /// Count and hashes of all that was ever ended here, dropped or not: read it before and after a handler.
  const digest& made() const { return made_; }

  const std::vector<record>& records() const { return records_; }
  std::string_view key(const record& r) const { return {bytes_.data() + r.key_at, r.key_size}; }
  std::string_view value(const record& r) const { return {bytes_.data() + r.value_at, r.value_size}; }
  std::size_t bytes() const { return bytes_.size(); }

  /// Forgets the records, not the counts.
  void clear() {
    bytes_.clear();
    records_.clear();
  }

 private:
  std::string bytes_;
  std::vector<record> records_;
  record current_{};
  digest made_;
  bool dropping_ = false;
  bool accounting_ = true;
};

}  // namespace weir
