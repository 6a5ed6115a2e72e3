#include "serving/broker_probe.hpp"

#include <doctest/doctest.h>

using namespace weir;

TEST_CASE("a probe of an address where no broker is says so, and what to check") {
  kafka_options options;
  options.brokers = "127.0.0.1:1";
  broker_probe probe(options);
  const auto trouble = probe.trouble();
  REQUIRE(trouble);
  CHECK(trouble->find("cannot reach a broker at 127.0.0.1:1") != std::string::npos);
  CHECK(trouble->find("check kafka.brokers") != std::string::npos);
  CHECK(probe.trouble() == trouble);
}
