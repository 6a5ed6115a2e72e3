#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/arena.hpp"
#include "pipeline/base/hmac.hpp"

namespace weir {

/// `privacy.hash_user_ids`: ids of users as they may be written and keyed. Owned by one lane.
class id_privacy {
 public:
  explicit id_privacy(std::string_view secret) : hmac_(secret) {}

  /// HMAC-SHA-256 of the id in hexadecimal digits, in `texts`.
  std::string_view hashed(std::string_view id, arena& texts);

  /// The id as a dead letter holds it: its hash, marked so that a replay of the letter gives the id that the
  /// original would have got.
  std::string marked(std::string_view id);

 private:
  hmac_sha256 hmac_;
};

}  // namespace weir
