// Feeds any bytes to the decoders of state, the first byte choosing one of state_encodings.hpp, and checks
// what must hold whatever came: they are refused by the one exception, or read as a value that comes back
// equal from its own encoding; and neither takes more memory than the input can account for. Built with
// libFuzzer, or with corpus_runner.cpp.
#include <cstdint>
#include <cstdlib>
#include <new>

#include "pipeline/base/codec.hpp"
#include "pipeline/kpi/gold_reader.hpp"
#include "tests/fuzz/seeds.hpp"
#include "tests/fuzz/state_encodings.hpp"

namespace {

/// Bytes that were ever asked for.
std::size_t allocated = 0;

constexpr std::size_t constant_share = 256 << 10;  // parsers and scratch

}  // namespace

void* operator new(std::size_t size) {
  allocated += size;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
// Every form of it that is used: under sanitizers one that is left to them must not meet our `delete`.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  allocated += size;
  return std::malloc(size);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

std::vector<std::string> seeds_of_target() {
  std::vector<std::string> all;
  char number = 0;
  for (const auto& encoding : weir::fuzz::state_encodings()) {
    for (const auto& bytes : encoding.seeds()) {
      weir::fuzz::demand(encoding.again(bytes) == encoding.again(encoding.again(bytes)), "seeds are valid",
                         encoding.name);
      all.push_back(number + bytes);
    }
    ++number;
  }
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto encodings = weir::fuzz::state_encodings();
  if (size == 0) return 0;
  const auto& encoding = encodings[data[0] % encodings.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto before = allocated;
  try {
    const auto again = encoding.again(bytes);
    weir::fuzz::demand(encoding.again(again) == again, "what was encoded again stays", encoding.name);
  } catch (const weir::decode_error&) {
  } catch (const weir::gold_merge_error&) {
  }
  weir::fuzz::demand(allocated - before <= constant_share + encoding.amplification * size,
                     "memory is bounded by the input", encoding.name);
  return 0;
}
