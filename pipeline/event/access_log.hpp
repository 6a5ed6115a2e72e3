#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/base/arena.hpp"
#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/rules.hpp"

namespace weir {

struct log_line;

/// Decodes lines of Apache/nginx combined (or common) logs. events.md, "Access logs". A GET answered 2xx or
/// 304 for a target that begins with `/` and is no asset is a page view. Stateless; the rules must outlive
/// it.
///
/// session_id and visitor_id are hash64 of `<address>|<user agent>` (nothing for `-`), event_id is hash64 of
/// `<file>|<line number>|<line>`, each as 16 hexadecimal digits.
class access_log_decoder {
 public:
  enum class result { valid, skipped, bad };
  /// `site_url` is replay.site_url, `site` replay.site.
  access_log_decoder(const rules& r, std::string site_url, std::string site);

  /// `file` is the file's base name, `line_number` counts from 0 as offsets do. Fills `e` (texts in `texts`)
  /// when valid, `f` when bad. Log events are not checked field by field, so the record's time is not asked
  /// either.
  result decode(std::string_view line, std::string_view file, std::int64_t line_number,
                std::int64_t record_time, arena& texts, event& e, fault& f) const;

 private:
  void fill(const log_line& parts, std::string_view target, arena& texts, event& e) const;

  const rules& rules_;
  std::string site_url_, site_;
};

/// True when the line looks like an access log's: what `--format auto` asks of a file's first line.
bool looks_like_access_log(std::string_view line);

}  // namespace weir
