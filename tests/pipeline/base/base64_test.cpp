#include "pipeline/base/base64.hpp"

#include <doctest/doctest.h>

#include <random>

#include "pipeline/base/codec.hpp"

using namespace weir;

namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

}  // namespace

TEST_CASE("base64 is as RFC 4648 has it") {
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xff\xfe\xfd") == "//79");
}

TEST_CASE("bytes come back from base64 as they were") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random());
    CHECK(decode_base64(encoded(bytes)) == bytes);
  }
}

TEST_CASE("what is no base64 is refused") {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v=", "Z=9v", "Zm 9",
                           "Zh==", "Zm9=", "Zg==Zg==", "Zm-v"})
    CHECK_THROWS_AS(decode_base64(text), decode_error);
}
