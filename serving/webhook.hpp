#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir {

/// Posts JSON to one URL, each text until the other side has taken it: with a status of 2xx. Tried again
/// after 1 s, 2 s, 4 s .. 5 min, for a day; a text waits for those before it. What is posted bears
///
///   X-Weir-Id: a name of the text, the same whenever it is tried, so that a receiver can tell a second copy
///   X-Weir-Signature: sha256=<HMAC-SHA-256 of the body, hexadecimal>, when there is a secret
///
/// Concurrency: any thread; deliveries are made by a thread of its own. What has not been delivered when it
/// ends is for the next one to post.
class webhook {
 public:
  struct options {
    std::string url;
    std::string secret;  // empty: not signed
    std::function<void(const std::string&)> warn = [](const std::string&) {};
  };
  explicit webhook(options o);
  ~webhook();

  void post(std::string id, std::string body);
  /// The ids of what has been delivered, or given up, since the last call.
  std::vector<std::string> done();

 private:
  struct message {
    std::string id, body;
    int tries = 0;
  };
  void run();

  const options options_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable news_;
  std::deque<message> waiting_;
  std::vector<std::string> done_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Posts one text now. Returns why it did not arrive; empty when it did.
std::string post_once(const webhook::options& to, const std::string& id, const std::string& body);

}  // namespace weir
