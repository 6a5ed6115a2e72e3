#include "state/checkpoint/table_entry.hpp"

namespace weir {

void packed_value::assign(std::string_view bytes, std::span<const parted_value::cut> cuts) {
  const header h{static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(cuts.size())};
  block_.reset(bytes.empty() ? nullptr : new char[sizeof h + bytes.size() + cuts.size_bytes()]);
  if (!block_) return;
  std::memcpy(block_.get(), &h, sizeof h);
  std::memcpy(block_.get() + sizeof h, bytes.data(), bytes.size());
  if (!cuts.empty()) std::memcpy(block_.get() + sizeof h + bytes.size(), cuts.data(), cuts.size_bytes());
}

void packed_value::read_cuts(std::vector<parted_value::cut>& cuts) const {
  cuts.resize(block_ ? sizes().cuts : 0);
  if (!cuts.empty()) std::memcpy(cuts.data(), begin() + sizes().bytes, cuts.size() * sizeof cuts.front());
}

std::size_t packed_value::footprint() const {
  constexpr std::size_t allocator = 8, unit = 16;
  if (!block_) return 0;
  const auto h = sizes();
  return (sizeof h + h.bytes + h.cuts * sizeof(parted_value::cut) + allocator + unit - 1) / unit * unit;
}

}  // namespace weir
