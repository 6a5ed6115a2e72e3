#pragma once

#include <string>
#include <string_view>

#include "pipeline/event/id_privacy.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// A record's payload as a dead letter may hold it, by `privacy`: what is masked, cut and hashed in an event
/// is so in a record that never became one. The result is the payload itself or lies in `scratch`.
///
/// - JSON, also broken: by the names of its members, at any depth: the query strings of URLs and
/// `form_fields`
///   are masked, `ip_address` is cut; `user_id` and `visitor_id` are hashed and marked (id_privacy), when
///   `ids` is given, but only the record's own, if it can be told which these are.
/// - A payload that is `unreadable` (no JSON, or a line of an access log) is masked as a whole, too, and an
///   address among its first two words is cut.
std::string_view private_payload(std::string_view payload, bool unreadable, const rules& r, id_privacy* ids,
                                 std::string& scratch);

/// A line of an access log with the addresses among its first two words as `privacy.ip` lets them be shown.
std::string private_line(std::string_view line, ip_privacy privacy);

}  // namespace weir
