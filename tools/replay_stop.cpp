#include "tools/replay_stop.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace weir {

namespace {
constexpr int stopped = 130;  // as shells have it of Ctrl-C
constexpr int tries = 100;
constexpr auto pause = std::chrono::milliseconds(10);
}  // namespace

replay_stop::replay_stop(std::filesystem::path work)
    : work_(std::move(work)), watcher_([this](const std::stop_token& token) { watch(token); }) {}

void replay_stop::hold_off() {
  watcher_.request_stop();
  if (watcher_.joinable()) watcher_.join();
}

void replay_stop::watch(const std::stop_token& held_off) {
  while (!held_off.stop_requested()) {
    if (!signals_.wait(pause)) continue;
    std::error_code failed;
    for (int i = 0; i < tries && exists(work_, failed); ++i)  // the lanes may be making files meanwhile
      std::filesystem::remove_all(work_, failed);
    const char* wipe = isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "";  // the progress line
    fmt::print(stderr, "{}weir replay: stopped; what was in the folder is as it was\n", wipe);
    std::_Exit(stopped);
  }
}

}  // namespace weir
