// Feeds any bytes to the web decoder and to the access-log decoder, and checks what must hold whatever came:
// faults have reasons, events have texts in UTF-8, what is written of either is JSON, and nothing personal is
// left in what was masked. Built with libFuzzer, or with corpus_runner.cpp.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pipeline/enrich/enricher.hpp"
#include "pipeline/event/access_log.hpp"
#include "pipeline/event/json_scan.hpp"
#include "pipeline/event/personal_data.hpp"
#include "pipeline/event/private_payload.hpp"
#include "pipeline/event/silver.hpp"
#include "pipeline/event/utf8.hpp"
#include "pipeline/event/web_decoder.hpp"
#include "tests/fuzz/seeds.hpp"

namespace {

using namespace weir;

constexpr std::int64_t now = 1'708'252'300'000;
constexpr std::uint64_t most = 900 * 1024;
constexpr std::size_t deep_enough = 64;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

bool is_json(std::string_view text) { return scan_json(text, deep_enough).what == json_scan::verdict::valid; }

void check_event(const event& e) {
  for (const auto text : e.texts) demand(is_utf8(text), "texts are UTF-8");
  for (std::size_t i = static_cast<std::size_t>(first_json_field); i < text_fields; ++i)
    demand(e.texts[i].empty() || is_json(e.texts[i]), "fields kept as JSON are JSON");
  demand(!e[text::event_id].empty() && !e[text::session_id].empty() && !e[text::site_id].empty(),
         "events have ids");
  demand(e.quality >= 0 && e.quality <= 1, "a quality score lies between 0 and 1");
  std::string silver;
  write_silver(e, {"key", "false", now}, most, silver);
  demand(is_json(silver) && silver.size() <= most, "silver is JSON");
  demand(silver.find('\n') == std::string::npos, "silver is one line");
}

void check_fault(const fault& f, std::string_view payload) {
  demand(f.why < reason::count_ && !f.message.empty(), "faults have a reason and a message");
  outbox out;
  write_dead_letter(f, {"topic", 0, 1, now}, payload, out);
  demand(is_json(out.value(out.records().front())), "dead letters are JSON");
}

void enrich(event& e, arena& texts) {
  static const rules r;
  static enricher all(r, no_enrichment());
  all.enrich(e, texts);
}

/// What is masked has nothing to mask, a JSON object stays one, and all else is withheld where ids are
/// hashed.
void check_privacy(std::string_view payload, bool valid_json) {
  std::string masked, again, scratch;
  if (mask_personal_data(payload, masked) > 0)
    demand(mask_personal_data(masked, again) == 0, "what is masked has nothing to mask");
  static const rules r;
  static id_privacy ids("secret");
  demand(private_payload(payload, false, r, nullptr, scratch).has_value(), "without hashing all is kept");
  const auto kept = private_payload(payload, false, r, &ids, scratch);
  demand(!kept || is_json_object(*kept), "what is kept where ids are hashed is a JSON object");
  if (!kept) return demand(!valid_json || !is_json_object(payload), "a JSON object is kept");
  const std::string first(*kept);
  demand(private_payload(first, false, r, &ids, scratch) == first, "a private payload has nothing to hide");
}

void check_web(std::string_view payload) {
  static const rules r;
  static web_decoder decoder(r, source_rules{});
  arena texts;
  event e;
  fault f;
  const bool valid = decoder.decode(payload, now, texts, e, f);
  if (valid) enrich(e, texts);
  valid ? check_event(e) : check_fault(f, payload);
  const auto scan = scan_json(payload, r.validation.max_depth).what;
  const auto why = valid ? reason::count_ : f.why;
  demand((scan == json_scan::verdict::malformed) == (why == reason::malformed_json),
         "both readers find the same malformed");
  demand((scan == json_scan::verdict::too_deep) == (why == reason::too_deep),
         "both readers find the same too deep");
  check_privacy(payload, scan == json_scan::verdict::valid);
}

void check_access_log(std::string_view line) {
  static const rules r;
  static const access_log_decoder decoder(r, "https://example.com", "default");
  arena texts;
  event e;
  fault f;
  switch (decoder.decode(line, "access.log", 0, now, texts, e, f)) {
    case access_log_decoder::result::valid:
      enrich(e, texts);
      return check_event(e);
    case access_log_decoder::result::bad:
      return check_fault(f, line);
    case access_log_decoder::result::skipped:
      break;
  }
}

}  // namespace

std::vector<std::string> seeds_of_target() { return {}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  check_web(payload);
  check_access_log(payload);
  return 0;
}
