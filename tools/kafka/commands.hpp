#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace weir {

/// The operator's commands over Kafka on the command line: tail, dlq, state, drain, reset. It lives as long
/// as the command line.
class kafka_commands {
 public:
  kafka_commands();
  ~kafka_commands();

  /// Adds them; one that runs puts its exit status into `status`.
  void add_to(CLI::App& app, int& status);

 private:
  struct arguments;
  std::unique_ptr<arguments> arguments_;
};

}  // namespace weir
