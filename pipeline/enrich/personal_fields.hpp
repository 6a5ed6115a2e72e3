#pragma once

#include <string>

#include "pipeline/base/arena.hpp"
#include "pipeline/event/event.hpp"

namespace weir {

/// Counts the personal data in an event (`event::personal`): in the query strings of its URLs and in
/// `form_fields`. With `mask` it says how these texts are to be written (`event::masked`, in `texts`); what
/// reads the event later sees the originals, but for a page_path or page_id that the client sent with a
/// query: they are keys, and masked at once. `scratch` is the caller's, for its memory. events.md, "Personal
/// data".
void find_personal_data(event& e, bool mask, arena& texts, std::string& scratch);

}  // namespace weir
