#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A value in bytes, and where they are cut: what comes before the first cut is its head, then come its
/// parts. A part has a name that stays while other parts come and go, so that a store can write only those
/// that have changed.
struct parted_value {
  struct cut {
    std::uint64_t name;   // of the part that begins here; ascending
    std::uint32_t begin;  // in the bytes; ascending
  };
  std::string bytes;
  std::vector<cut> cuts;

  /// What is appended next begins a part.
  void begin_part(std::uint64_t name) { cuts.push_back({name, static_cast<std::uint32_t>(bytes.size())}); }
  std::string_view head() const { return piece(0, cuts.empty() ? bytes.size() : cuts.front().begin); }
  std::string_view part(std::size_t i) const {
    return piece(cuts[i].begin, i + 1 < cuts.size() ? cuts[i + 1].begin : bytes.size());
  }
  void clear() {
    bytes.clear();
    cuts.clear();
  }

 private:
  std::string_view piece(std::size_t begin, std::size_t end) const {
    return std::string_view(bytes).substr(begin, end - begin);
  }
};

}  // namespace weir
