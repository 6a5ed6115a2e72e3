#include "pipeline/base/arena.hpp"

#include <algorithm>

namespace weir {

namespace {
constexpr std::size_t block_size = 256 * 1024;
constexpr std::size_t blocks_kept = 16;
}  // namespace

void arena::grow(std::size_t size) {
  while (used_ < blocks_.size() && blocks_[used_].size < size) blocks_.erase(blocks_.begin() + long(used_));
  if (used_ == blocks_.size()) {
    const auto bytes = std::max(size, block_size);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
  }
  at_ = blocks_[used_].data.get();
  left_ = blocks_[used_].size;
  ++used_;
}

void arena::reset() {
  if (blocks_.size() > blocks_kept) blocks_.resize(blocks_kept);
  used_ = 0;
  at_ = nullptr;
  left_ = 0;
}

}  // namespace weir
