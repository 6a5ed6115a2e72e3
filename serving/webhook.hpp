#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir {

/// Posts JSON to one URL, each text until the other side has taken it: with a status of 2xx. Tried again
/// after 1 s, 2 s, 4 s .. 5 min, for a day, then given up; a text waits for those before it, but for one that
/// the other side refuses (a status of 4xx, those that mean "later" aside). What is posted bears
///
///   X-Weir-Id: made of the text's name, the same whenever it is tried, so that a receiver can tell a second
///   copy
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

  void post(std::string name, std::string body);
  /// The names of what has been delivered since the last call.
  std::vector<std::string> delivered();

 private:
  struct message {
    std::string name, body;
    int tries = 0;
    bool refused = false;  // the last time: others need not wait for it
    std::chrono::steady_clock::time_point due = {};
  };
  std::list<message>::iterator next();
  void run();

  const options options_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable news_;
  std::list<message> waiting_;
  std::vector<std::string> delivered_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Why a text did not arrive; `why` is empty when it did.
struct post_fault {
  std::string why;
  bool refused = false;  // it has arrived, and is not wanted
};
/// Posts one text now.
post_fault post_once(const webhook::options& to, const std::string& name, const std::string& body);

}  // namespace weir
