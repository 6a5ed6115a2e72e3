#include "pipeline/base/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace weir {

namespace {

struct freer {
  void operator()(EVP_MAC* x) const { EVP_MAC_free(x); }
  void operator()(EVP_MAC_CTX* x) const { EVP_MAC_CTX_free(x); }
};

void must(bool done) {
  if (!done) throw std::runtime_error("HMAC-SHA-256: libcrypto failed");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct hmac_sha256::state {
  std::unique_ptr<EVP_MAC, freer> mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  std::unique_ptr<EVP_MAC_CTX, freer> keyed{EVP_MAC_CTX_new(mac.get())};  // holds the key between calls
};

hmac_sha256::hmac_sha256(std::string_view secret) : state_(std::make_unique<state>()) {
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  must(state_->keyed && EVP_MAC_init(state_->keyed.get(), bytes_of(secret), secret.size(), params) == 1);
}

hmac_sha256::~hmac_sha256() = default;
hmac_sha256::hmac_sha256(hmac_sha256&&) noexcept = default;

std::array<char, 64> hmac_sha256::of(std::string_view text) {
  std::array<unsigned char, 32> sum;
  std::size_t size = 0;
  auto* const c = state_->keyed.get();
  must(EVP_MAC_init(c, nullptr, 0, nullptr) == 1 && EVP_MAC_update(c, bytes_of(text), text.size()) == 1 &&
       EVP_MAC_final(c, sum.data(), &size, sum.size()) == 1 && size == sum.size());
  std::array<char, 64> digits;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    digits[2 * i] = "0123456789abcdef"[sum[i] >> 4];
    digits[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
  }
  return digits;
}

}  // namespace weir
