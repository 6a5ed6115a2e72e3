// JSONTestSuite against the web decoder: what it calls JSON is never malformed, what it calls none always is.
#include <doctest/doctest.h>
#include <zlib.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>

#include "pipeline/event/json_scan.hpp"
#include "tests/pipeline/event/web_decoder_fixture.hpp"

using namespace weir;
using weir::testing::web_fixture;

namespace {

std::string unzipped(const std::string& path) {
  std::string out;
  std::array<char, 64 * 1024> buffer;
  const auto file = gzopen(path.c_str(), "rb");
  REQUIRE(file);
  for (int n; (n = gzread(file, buffer.data(), buffer.size())) > 0;)
    out.append(buffer.data(), std::size_t(n));
  gzclose(file);
  return out;
}

// Ordinary files of a tar archive by their names without folders.
std::map<std::string, std::string> files_of(const std::string& tar) {
  constexpr std::size_t block = 512, size_at = 124, type_at = 156;
  std::map<std::string, std::string> files;
  for (std::size_t at = 0; at + block <= tar.size() && tar[at] != '\0';) {
    const std::string name(tar.c_str() + at);
    const auto size = std::strtoul(tar.c_str() + at + size_at, nullptr, 8);
    if (tar[at + type_at] == '0') files[name.substr(name.rfind('/') + 1)] = tar.substr(at + block, size);
    at += block + (size + block - 1) / block * block;
  }
  return files;
}

const std::map<std::string, std::string>& suite() {
  static const auto files = files_of(unzipped(WEIR_SOURCE_DIR "/tests/data/json/JSONTestSuite.tar.gz"));
  return files;
}

template <class Check>
int check_all(std::string_view prefix, Check check) {
  int count = 0;
  for (const auto& [name, content] : suite()) {
    if (!name.starts_with(prefix)) continue;
    CAPTURE(name);
    check(content);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("all JSON of JSONTestSuite is JSON, whatever else is wrong with it") {
  web_fixture x;
  const auto accepted = check_all("y_", [&](const std::string& content) {
    const auto reason = x.decode(content);
    const bool object_like = reason == "missing_field" || reason == "not_an_object";
    CHECK_MESSAGE(object_like, reason);
    CHECK(scan_json(content, 32).what == json_scan::verdict::valid);
  });
  CHECK(accepted == 95);
}

TEST_CASE("all that JSONTestSuite calls no JSON is malformed, or too deep before it is") {
  web_fixture x;
  const auto refused = check_all("n_", [&](const std::string& content) {
    const bool deep = content.starts_with(std::string(33, '[')) || content.starts_with(R"([{"":[{"":[{"":)");
    CHECK(x.decode(content) == (deep ? "too_deep" : "malformed_json"));
  });
  CHECK(refused == 188);
}

TEST_CASE("where JSONTestSuite leaves a choice, it is the strict one") {
  web_fixture x;
  int refused = 0;
  const auto undecided = check_all("i_", [&](const std::string& content) {
    const auto reason = x.decode(content);
    refused += reason == "malformed_json";
    const bool known = reason == "malformed_json" || reason == "not_an_object" || reason == "too_deep";
    CHECK_MESSAGE(known, reason);
    const auto scan = scan_json(content, 32).what;
    CHECK((scan == json_scan::verdict::malformed) == (reason == "malformed_json"));
    CHECK((scan == json_scan::verdict::too_deep) == (reason == "too_deep"));
  });
  CHECK(undecided == 35);
  CHECK(refused == 32);
}
