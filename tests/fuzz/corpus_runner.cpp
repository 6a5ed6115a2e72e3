// Stands in for libFuzzer where there is no clang: mutates the files of a corpus under a fixed seed and feeds
// them to the target. Usage: <target> CORPUS_DIR [ITERATIONS [SEED]]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using inputs = std::vector<std::string>;

void feed(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// The lines of all files of the folder, in an order that does not depend on the file system.
inputs corpus_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  inputs corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) corpus.push_back(line);
  }
  return corpus;
}

class mutator {
 public:
  mutator(const inputs& corpus, std::uint64_t seed) : corpus_(corpus), random_(seed) {}

  std::string next() {
    auto input = corpus_[below(corpus_.size())];
    for (auto changes = 1 + below(4); changes > 0; --changes) change(input);
    return input;
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }

  void change(std::string& input) {
    const auto at = below(input.size() + 1);
    const auto size = below(std::min<std::size_t>(input.size() - at, 24) + 1);
    switch (below(7)) {
      case 0:
        input.erase(at, size);
        break;
      case 1:
        input.insert(at, input.substr(at, size));
        break;
      case 2:
        input.insert(at, 1, static_cast<char>(random_()));
        break;
      case 3:
        if (at < input.size()) input[at] = static_cast<char>(random_());
        break;
      case 4:
        input.insert(at, std::string(below(40), "[{\"9"[below(4)]));
        break;
      case 5:
        splice(input, at);
        break;
      case 6:
        input.replace(at, size, words[below(std::size(words))]);
        break;
    }
  }

  void splice(std::string& input, std::size_t at) {
    const auto& other = corpus_[below(corpus_.size())];
    input = input.substr(0, at) + other.substr(below(other.size()));
  }

  static constexpr const char* words[] = {
      "null",
      "\"\"",
      "true",
      "-1",
      "1.0",
      "1e400",
      "1e-400",
      "18446744073709551616",
      "-9223372036854775808",
      "\\u0000",
      "\\ud83d\\ude00",
      "\\ud800",
      "\\udc00",
      "\xff",
      "\xed\xa0\x80",
      "\xf0\x9f\x98\x80",
      "{}",
      "[]",
      "\n",
      "\\\"",
      "~",
      ",",
      ":",
      "0",
      "\"event_type\":\"custom_event\"",
      "\"session_id\":null",
      "\"user_agent\":\"\"",
  };

  const inputs& corpus_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: %s CORPUS_DIR [ITERATIONS [SEED]]\n", argv[0]), 2;
  const auto iterations = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const auto seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  const auto corpus = corpus_of(argv[1]);
  if (corpus.empty()) return std::fprintf(stderr, "%s holds no input\n", argv[1]), 1;
  for (const auto& input : corpus) feed(input);
  mutator mutations(corpus, seed);
  for (auto i = iterations; i > 0; --i) feed(mutations.next());
  std::printf("%zu inputs and %llu mutations of them, seed %llu\n", corpus.size(), iterations, seed);
}
