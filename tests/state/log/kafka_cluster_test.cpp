#include "state/log/kafka_cluster.hpp"

#include <doctest/doctest.h>

namespace weir {

TEST_CASE("a broker that cannot be reached is told with the reason and what to check for it") {
  const auto told = [](rd_kafka_resp_err_t code, const char* reason) {
    return reach_fault("kafka:9092", code, reason);
  };
  CHECK(told(RD_KAFKA_RESP_ERR__TRANSPORT,
             "kafka:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: Connection refused (after 0ms in "
             "state CONNECT, 1 identical error(s) suppressed)") ==
        "cannot reach a broker at kafka:9092: kafka:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: "
        "Connection refused; check kafka.brokers, and that a broker is running there");
  CHECK(told(RD_KAFKA_RESP_ERR__AUTHENTICATION, "SASL authentication error: Invalid username or password")
            .ends_with("check sasl.mechanism, sasl.username and sasl.password in kafka.properties"));
  CHECK(told(RD_KAFKA_RESP_ERR__SSL, "SSL handshake failed: certificate verify failed")
            .ends_with("check ssl.ca.location in kafka.properties, and that kafka.brokers has the names that "
                       "the broker's certificate is for"));
  CHECK(told(RD_KAFKA_RESP_ERR__SSL, "SSL handshake failed: unexpected eof while reading")
            .ends_with("the listener may be one without TLS, and its ssl.*"));
  CHECK(told(RD_KAFKA_RESP_ERR__TRANSPORT,
             "Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
             "configuration (connecting to a SSL listener?)")
            .ends_with("the listener seems to want TLS or SASL"));
}

}  // namespace weir
