#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/base/arena.hpp"
#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/event/id_privacy.hpp"
#include "pipeline/rules.hpp"

namespace weir {

class web_record;

/// Decodes and validates web events, one JSON object a record. events.md, "Web" and "Validation": every
/// check, in its order; the first fault is the reason. Keeps a parser between calls: one a lane. The rules
/// must outlive it.
class web_decoder {
 public:
  /// `ids` hashes the ids of users, as long as the decoder lives; null: they stay as they are.
  web_decoder(const rules& r, const source_rules& source, id_privacy* ids = nullptr);
  web_decoder(web_decoder&&) noexcept;
  ~web_decoder();

  /// Returns true and fills `e` (texts in `texts`), or returns false and fills `f`. `record_time` is the
  /// broker's, in replay `replay.now`. Never throws for bad input.
  bool decode(std::string_view payload, std::int64_t record_time, arena& texts, event& e, fault& f);

 private:
  const rules& rules_;
  bool accept_unknown_types_;
  id_privacy* ids_;
  std::unique_ptr<web_record> record_;
};

}  // namespace weir
