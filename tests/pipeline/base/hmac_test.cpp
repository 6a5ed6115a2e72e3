#include "pipeline/base/hmac.hpp"

#include <doctest/doctest.h>

#include <string>

using weir::hmac_sha256;

namespace {

std::string text_of(const std::array<char, 64>& digits) { return {digits.data(), digits.size()}; }

}  // namespace

TEST_CASE("HMAC-SHA-256 gives what RFC 4231 says, call after call") {
  hmac_sha256 second("Jefe");
  for (int n = 0; n < 2; ++n)
    CHECK(text_of(second.of("what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(text_of(hmac_sha256(std::string(131, '\xaa'))
                    .of("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  hmac_sha256 moved(std::move(second));
  CHECK(text_of(moved.of("")) != text_of(moved.of("x")));
}
