#pragma once

#include <cstdint>
#include <string>

#include "config/settings.hpp"

namespace weir {

/// Which dead letters; empty texts and 0: no restriction. Times are those of the records that became dead
/// letters, as `time_option` reads them.
struct dlq_options {
  std::string reason, topic;
  std::string since, until;
  std::string key;  // of one dead letter: topic|partition|offset
  std::uint64_t limit = 0;
  bool json = false;     // one JSON value a line
  bool dry_run = false;  // of replay: says what it would do
  bool again = false;    // of replay: sends what failed again, too
};

/// `weir dlq list`: counts by reason and topic. Returns the exit status, as all.
int dlq_list(const settings& configuration, const dlq_options& options);

/// `weir dlq show`: the dead letters that have not been sent again, in full.
int dlq_show(const settings& configuration, const dlq_options& options);

/// `weir dlq replay`: sends the records of dead letters to where they stood, each once, and marks them:
/// record and mark are one transaction. Two at once fence each other.
int dlq_replay(const settings& configuration, const dlq_options& options);

}  // namespace weir
