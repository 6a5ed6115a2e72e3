#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weir {

/// The files that a replay writes, by their paths in its folder, the summary last.
std::vector<std::string> replay_files();

/// The first of the inputs (`-`: standard input) that is itself a file which a replay into `dir` would
/// replace or remove, by whatever name; empty when none is.
std::string input_in_the_way(const std::vector<std::string>& inputs, const std::filesystem::path& dir);

/// The folder of a replay, its own while this lives. A run writes below `.work`; what it has made takes its
/// place in the end, so that the folder never holds files of two runs, and one that is killed leaves the
/// earlier result as it was. The summary goes first and comes last: where there is none, the result is not
/// whole.
class replay_folder {
 public:
  /// Makes the folder, locks it and empties `.work`. Throws output_error: also when another process has it.
  explicit replay_folder(std::filesystem::path dir);
  /// Removes `.work` with all that has not been published.
  ~replay_folder();
  replay_folder(const replay_folder&) = delete;

  std::filesystem::path work() const { return dir_ / ".work"; }
  /// For a RocksDB.
  std::filesystem::path state() const { return work() / "state"; }
  /// Where the new files are written.
  std::filesystem::path staging() const { return work() / "out"; }

  /// Gives the disk the state's room back, before the last is written.
  void drop_state();
  /// Puts the new files into their place; earlier ones for which there is no new one go. Throws output_error.
  void publish();

 private:
  std::filesystem::path dir_;
  int lock_ = -1;
};

}  // namespace weir
