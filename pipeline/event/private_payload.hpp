#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/event/id_privacy.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// A record's payload as a dead letter may hold it, by `privacy`: what is masked, cut and hashed in an event
/// is so in a record that never became one. The result is the payload itself or lies in `scratch`; nothing
/// when the payload must be withheld.
///
/// - A JSON object, by the names of its members, at any depth: the query strings of URLs and `form_fields`
///   are masked, `ip_address` is cut; the record's own `user_id` and `visitor_id` are hashed and marked
///   (id_privacy), when `ids` is given.
/// - All else, and whatever is a `line` of a log: withheld when `ids` is given, since no one can tell which
/// of
///   it is an id. Else it is masked as a whole, too, and all addresses in it are cut.
std::optional<std::string_view> private_payload(std::string_view payload, bool line, const rules& r,
                                                id_privacy* ids, std::string& scratch);

}  // namespace weir
