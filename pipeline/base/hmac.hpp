#pragma once

#include <array>
#include <memory>
#include <string_view>

namespace weir {

/// HMAC-SHA-256 with one secret, as 64 hexadecimal digits. Owned by one thread.
class hmac_sha256 {
 public:
  explicit hmac_sha256(std::string_view secret);
  ~hmac_sha256();
  hmac_sha256(hmac_sha256&&) noexcept;

  std::array<char, 64> of(std::string_view text);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir
