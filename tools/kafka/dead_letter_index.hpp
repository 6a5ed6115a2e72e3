#pragma once

#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "tools/kafka/dead_letter_view.hpp"
#include "tools/kafka/dlq.hpp"
#include "tools/kafka/topic_reading.hpp"

namespace weir {

/// What weir.dlq has under each key: the last record there counts, a letter or the mark that it was replayed.
/// Holds no payloads.
class dead_letter_index {
 public:
  struct entry {
    std::int32_t partition;  // of the last record, in weir.dlq
    std::int64_t offset;
    std::string reason, topic;
    std::int64_t timestamp;  // of the original record
    bool replayed;
    bool again = false;  // the letter of a record that was sent again, and failed again
  };

  /// Throws usage_error when the options' times are none.
  explicit dead_letter_index(const dlq_options& options);
  /// Reads the whole topic.
  void read(kafka_cluster& cluster);
  /// Of those that the options ask for, by key.
  const std::map<std::string, entry>& entries() const { return entries_; }

  /// Reads the topic again; calls `visit(key, entry, letter)` for each letter that is not replayed, at most
  /// as many as the options ask for.
  using visitor = std::function<void(const std::string&, const entry&, const dead_letter_view&)>;
  void for_each_letter(kafka_cluster& cluster, const visitor& visit) const;

 private:
  bool wanted(const std::string& key, const dead_letter_view& letter) const;

  const dlq_options& options_;
  std::int64_t since_, until_;
  std::map<std::string, entry> entries_;
  std::set<std::string> resent_;  // keys that letters of records that were sent again would have
};

}  // namespace weir
