#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/base/arena.hpp"
#include "pipeline/event/web_decoder.hpp"

namespace weir::testing {

/// A web decoder, and what became of the last record given to it.
struct web_fixture {
  static constexpr std::int64_t record_time = 1'708'252'300'000;  // 2024-02-18T10:31:40Z

  rules r;
  source_rules source;
  arena texts;
  event e;
  fault f;
  bool valid = false;

  web_fixture() { r.ip = ip_privacy::keep; }

  /// Decodes; returns the reason's name, or "valid".
  std::string_view decode(std::string_view payload) {
    web_decoder decoder(r, source);
    f = {};
    valid = decoder.decode(payload, record_time, texts, e, f);
    return valid ? "valid" : to_string(f.why);
  }

  /// Decodes a valid event of the type with these members added in front, where they come before the
  /// fixture's own.
  std::string_view with(std::string_view members, std::string_view type = "page_view") {
    payload_ =
        "{" + std::string(members) + (members.empty() ? "" : ",") + R"("event_id":"e1","event_type":")" +
        std::string(type) + R"(","timestamp":1708252200250,"session_id":"s1","visitor_id":"v1",)" +
        R"("page_url":"https://example.com/a/b?x=1#y","scroll_depth":50,"form_success":true,"video_id":"film",)" +
        R"("event_name":"signup"})";
    return decode(payload_);
  }

  std::string_view field() const { return f.field; }

 private:
  std::string payload_;
};

}  // namespace weir::testing
