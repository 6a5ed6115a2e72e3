#include "config/references.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/error.hpp"
#include "config/print.hpp"

using namespace weir;

namespace {

settings with(const std::string& value) {
  settings s;
  s.kafka.properties["sasl.password"] = value;
  return s;
}

std::string resolved(const std::string& value) {
  return resolved_properties(with(value)).at("sasl.password");
}

std::string refusal(const std::string& value) {
  try {
    resolved(value);
  } catch (const config_error& x) {
    return x.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a property takes variables and files, anywhere in its text") {
  setenv("WEIR_TEST_SECRET", "p$ss}${env:HOME}", 1);
  CHECK(resolved("${env:WEIR_TEST_SECRET}") == "p$ss}${env:HOME}");
  CHECK(resolved("id=a,secret=${env:WEIR_TEST_SECRET}!") == "id=a,secret=p$ss}${env:HOME}!");
  CHECK(resolved("${other} $ {env:X}") == "${other} $ {env:X}");
  const auto path = std::filesystem::temp_directory_path() / "weir-references-test";
  for (const auto* text : {"word\r\n", "word\n", "word"}) {
    std::ofstream(path, std::ios::binary) << text;
    CHECK(resolved("${file:" + path.string() + "}") == "word");
  }
  std::filesystem::remove(path);
}

TEST_CASE("what a property refers to must be there, and no value is shown") {
  unsetenv("WEIR_TEST_SECRET");
  CHECK(refusal("hidden ${env:WEIR_TEST_SECRET}") ==
        "kafka.properties.sasl.password: the environment variable WEIR_TEST_SECRET is not set");
  CHECK(refusal("hidden ${file:/no/such}") ==
        "kafka.properties.sasl.password: the file /no/such cannot be read");
  CHECK(refusal("hidden ${env:X").find("expected a }") != std::string::npos);
  CHECK(refusal("hidden ${env:X").find("hidden") == std::string::npos);
}

TEST_CASE("a configuration is printed with its references, and without its secrets") {
  setenv("WEIR_TEST_SECRET", "hidden", 1);
  CHECK(print_settings(with("${env:WEIR_TEST_SECRET}")).find("${env:WEIR_TEST_SECRET}") != std::string::npos);
  for (const auto* value : {"hidden", "${env:WEIR_TEST_SECRET}hidden", "hidden${env:WEIR_TEST_SECRET}"})
    CHECK(print_settings(with(value)).find("hidden") == std::string::npos);
}
