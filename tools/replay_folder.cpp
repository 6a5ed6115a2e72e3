#include "tools/replay_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "pipeline/kpi/family.hpp"
#include "tools/output_error.hpp"

namespace weir {

namespace {

namespace fs = std::filesystem;
constexpr const char* summary = "summary.json";

using identity = std::pair<dev_t, ino_t>;

std::optional<identity> identity_of(const std::string& file) {
  struct stat info {};
  const bool there = file == "-" ? fstat(STDIN_FILENO, &info) == 0 : stat(file.c_str(), &info) == 0;
  if (!there || !S_ISREG(info.st_mode)) return std::nullopt;
  return identity{info.st_dev, info.st_ino};
}

void make(const fs::path& dir) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (failed) throw output_error("cannot write to " + dir.string() + ": " + failed.message());
}

}  // namespace

std::vector<std::string> replay_files() {
  std::vector<std::string> files{"events.ndjson", "sessions.ndjson", "users.ndjson", "dlq.ndjson",
                                 "late.ndjson"};
  for (std::size_t f = 0; f < families; ++f)
    files.push_back("gold/" + std::string(definition(static_cast<family>(f)).name) + ".ndjson");
  files.emplace_back(summary);
  return files;
}

std::string input_in_the_way(const std::vector<std::string>& inputs, const fs::path& dir) {
  std::set<identity> taken;
  const auto take = [&](const fs::path& file) {
    if (const auto id = identity_of(file.string())) taken.insert(*id);
  };
  for (const auto& file : replay_files()) take(dir / file);
  std::error_code none;
  for (fs::recursive_directory_iterator i(dir / ".work", none), end; !none && i != end; i.increment(none))
    take(i->path());
  for (const auto& input : inputs)
    if (const auto id = identity_of(input); id && taken.contains(*id)) return input;
  return {};
}

replay_folder::replay_folder(fs::path dir) : dir_(std::move(dir)) {
  make(dir_);
  lock_ = ::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Only what says that another process has it counts: some file systems know no locks.
  if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(lock_);
    throw output_error(dir_.string() + " is in use by another process");
  }
  std::error_code ignored;  // whatever is in the way is noticed where it is
  fs::remove_all(work(), ignored);
  make(staging());
}

replay_folder::~replay_folder() {
  std::error_code ignored;
  fs::remove_all(work(), ignored);
  if (lock_ >= 0) ::close(lock_);
}

void replay_folder::drop_state() {
  std::error_code ignored;
  fs::remove_all(state(), ignored);
}

void replay_folder::publish() {
  const auto check = [&](const std::string& file, const std::error_code& failed) {
    if (failed) throw output_error("cannot write " + (dir_ / file).string() + ": " + failed.message());
  };
  std::error_code failed;
  fs::remove(dir_ / summary, failed);
  check(summary, failed);
  make(dir_ / "gold");
  for (const auto& file : replay_files()) {
    if (fs::exists(staging() / file, failed))
      fs::rename(staging() / file, dir_ / file, failed);
    else
      fs::remove(dir_ / file, failed);
    check(file, failed);
  }
}

}  // namespace weir
