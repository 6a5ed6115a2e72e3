// Stands in for libFuzzer where there is no clang: mutates the target's own seeds and the lines of a corpus's
// files under a fixed seed and feeds them to the target. Usage: <target> CORPUS_DIR [ITERATIONS [SEED]]; `-`:
// no corpus.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/seeds.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace {

using inputs = std::vector<std::string>;

const std::string* in_hand = nullptr;

/// Of an input that ends the program: as a C++ literal, to make a test of it.
void tell_input() {
  if (!in_hand) return;
  std::fprintf(stderr, "the input, of %zu bytes:\n\"", in_hand->size());
  for (const unsigned char c : *in_hand)
    std::fprintf(stderr, c < ' ' || c > '~' || c == '"' || c == '\\' ? "\\%03o" : "%c", c);
  std::fprintf(stderr, "\"\n");
  in_hand = nullptr;
}

void feed(const std::string& input) {
  in_hand = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// The target's seeds, then the lines of all files of the folder, in an order that does not depend on the file
// system.
inputs corpus_of(const std::filesystem::path& folder) {
  auto corpus = seeds_of_target();
  if (folder == "-") return corpus;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
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
    switch (below(8)) {
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
      case 7:
        input.replace(at, below(2) * size, numbers[below(std::size(numbers))]);
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

  // Of binary forms: the largest and smallest varints and words, and more than there can be of anything.
  static constexpr std::string_view numbers[] = {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                                 "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                                 "\xff\xff\xff\xff\x0f",
                                                 "\x80\x80\x80\x80\x10",
                                                 "\x80\x80\x01",
                                                 "\xff\x01",
                                                 "\x7f",
                                                 {"\0\0\0\0\0\0\0\0", 8},
                                                 {"\0\0\0\0\0\0\xf0\x7f", 8},
                                                 {"\0\0\0\0\0\0\xf8\x7f", 8},
                                                 {"\0", 1},
                                                 {"\1\1\0", 3}};

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
  std::signal(SIGABRT, [](int) { tell_input(); });
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(tell_input);
  for (const auto& input : corpus) feed(input);
  mutator mutations(corpus, seed);
  for (auto i = iterations; i > 0; --i) feed(mutations.next());
  std::printf("%zu inputs and %llu mutations of them, seed %llu\n", corpus.size(), iterations, seed);
}
