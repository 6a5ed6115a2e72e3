#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "state/checkpoint/epoch_record.hpp"

namespace weir {

/// The epoch record of a task whose state is given up and that begins again at an offset. When it reads
/// nothing twice its clocks stay those of the record `before`, so that they never go back.
epoch_record begin_anew(const std::optional<epoch_record>& before, std::int64_t offset, std::int64_t wall);

/// What is gone of a task's input: offsets below the first that is there which the task must still read.
struct input_gap {
  std::int64_t unread = 0;  // never read: their outputs are lost
  std::int64_t redo = 0;    // read once: what they changed and had not been written down yet is lost
};
/// Nothing when all is there.
std::optional<input_gap> gap_of(const epoch_record& record, std::int64_t first);
/// The record with which the task goes on at `first`, its state kept, when there is a gap.
epoch_record after_gap(const epoch_record& record, std::int64_t first, std::int64_t wall);

/// The key under which a changelog says that what it had before an offset is given up: whoever reads it from
/// there on has all. No other key begins so.
inline constexpr std::string_view reset_key{"\0reset", 6};
std::string encode_reset(std::int64_t first);
/// Throws decode_error.
std::int64_t decode_reset(std::string_view stored);

}  // namespace weir
