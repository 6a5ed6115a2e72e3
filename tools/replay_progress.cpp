#include "tools/replay_progress.hpp"

#include <fmt/format.h>

#include <string>

namespace weir {

namespace {
constexpr int width = 30;
constexpr auto pause = std::chrono::milliseconds(200);
}  // namespace

void replay_progress::show(std::uint64_t read, std::uint64_t total) {
  const auto now = clock::now();
  if (!on_ || now - last_ < pause) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double rate = static_cast<double>(read) / seconds;
  if (total == 0) {
    fmt::print(stderr, "\r\033[K{:.1f} MB, {:.1f} MB/s", static_cast<double>(read) / 1e6, rate / 1e6);
    return;
  }
  const double share = std::min(1.0, static_cast<double>(read) / static_cast<double>(total));
  const auto full = static_cast<std::size_t>(share * width);
  const double left = rate > 0 ? static_cast<double>(total - std::min(read, total)) / rate : 0;
  fmt::print(stderr, "\r\033[K[{}{}] {:3.0f} %  {:.1f} MB/s  {:.0f} s left", std::string(full, '#'),
             std::string(width - full, '.'), 100 * share, rate / 1e6, left);
}

void replay_progress::end() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}

}  // namespace weir
