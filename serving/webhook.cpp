#include "serving/webhook.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "pipeline/base/hash.hpp"
#include "pipeline/base/hmac.hpp"

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds first_wait(1);
constexpr std::chrono::minutes longest_wait(5);
constexpr int most_tries = 300;  // about a day
constexpr long request_seconds = 10;

struct curl_deleter {
  void operator()(CURL* x) const { curl_easy_cleanup(x); }
  void operator()(curl_slist* x) const { curl_slist_free_all(x); }
};

std::string signature(const std::string& secret, const std::string& body) {
  const auto digits = hmac_sha256(secret).of(body);
  return "sha256=" + std::string(digits.data(), digits.size());
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::chrono::milliseconds wait_before(int tries) {
  const auto wait = std::chrono::milliseconds(first_wait) * (1 << std::min(tries, 9));
  return std::min<std::chrono::milliseconds>(wait, longest_wait);
}

}  // namespace

post_fault post_once(const webhook::options& to, const std::string& name, const std::string& body) {
  const std::unique_ptr<CURL, curl_deleter> curl(curl_easy_init());
  if (!curl) return {"libcurl cannot be set up"};
  std::unique_ptr<curl_slist, curl_deleter> headers;
  const auto add = [&](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  add("Content-Type: application/json");
  add(fmt::format("X-Weir-Id: {:016x}", hash64(name)));  // names hold what visitors have sent
  if (!to.secret.empty()) add("X-Weir-Signature: " + signature(to.secret, body));
  curl_easy_setopt(curl.get(), CURLOPT_URL, to.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "weir/" WEIR_VERSION);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, request_seconds);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, ignore);
  if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK) return {curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  const bool later = status == 408 || status == 425 || status == 429;
  return {fmt::format("expected a status of 2xx, got {}", status), status >= 400 && status < 500 && !later};
}

webhook::webhook(options o) : options_(std::move(o)), thread_([this] { run(); }) {}

webhook::~webhook() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  news_.notify_all();
  thread_.join();
}

void webhook::post(std::string name, std::string body) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(name), std::move(body)});
  }
  news_.notify_all();
}

std::vector<std::string> webhook::delivered() {
  std::lock_guard lock(mutex_);
  return std::exchange(delivered_, {});
}

/// The first that was not refused, or a refused one that is due again; else the one that is due first.
std::list<webhook::message>::iterator webhook::next() {
  const auto now = clock::now();
  const auto ready = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const message& m) { return !m.refused || m.due <= now; });
  if (ready != waiting_.end()) return ready;
  return std::min_element(waiting_.begin(), waiting_.end(),
                          [](const message& a, const message& b) { return a.due < b.due; });
}

void webhook::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    news_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const auto at = next();
    if (at->due > clock::now()) {
      const auto due = at->due;
      const auto others = waiting_.size();
      news_.wait_until(lock, due, [&] { return stopping_ || (at->refused && waiting_.size() > others); });
      continue;
    }
    const auto m = *at;
    lock.unlock();
    const auto fault = post_once(options_, m.name, m.body);
    lock.lock();
    if (fault.why.empty()) {
      delivered_.push_back(m.name);
      waiting_.erase(at);
    } else if (++at->tries >= most_tries) {
      options_.warn(fmt::format("webhook: {} is given up: {}", m.name, fault.why));
      waiting_.erase(at);
    } else {
      const auto wait = wait_before(m.tries);
      at->due = clock::now() + wait;
      at->refused = fault.refused;
      options_.warn(fmt::format("webhook: {} is tried again in {} s: {}", m.name,
                                std::chrono::duration_cast<std::chrono::seconds>(wait).count(), fault.why));
    }
  }
}

}  // namespace weir
