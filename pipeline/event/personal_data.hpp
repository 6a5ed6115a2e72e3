#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// Finds e-mail addresses, card numbers and phone numbers in a text and appends the text to `out` with
/// `(email)`, `(card)` and `(phone)` in their place. Returns how many there were; nothing is appended when
/// there were none. What is percent-encoded, also more than once, is found like what is not.
///
/// - An e-mail address has a name, an `@` and a domain of two labels or more, the last with a letter.
/// - A card number has 13 to 19 digits, begins with 2 to 6, satisfies Luhn's check and may be written in
///   groups of three digits and more with one blank, `+` or `-` between them.
/// - A phone number is a `+` and 8 to 15 digits, with up to two of ` +-.()/` between each two.
///
/// Neither number stands within a word or a longer number. events.md, "Personal data".
std::size_t mask_personal_data(std::string_view text, std::string& out);

/// The same for a URL (or a part of one): only what stands behind its first `?` is looked at.
std::size_t mask_url(std::string_view url, std::string& out);

/// False for most texts that hold nothing personal, true for all others: one pass, a nanosecond a character.
bool may_be_personal(std::string_view text);

}  // namespace weir
