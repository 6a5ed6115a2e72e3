#pragma once

#include <string>
#include <vector>

/// Encodings of real values, small and large, of each kind that state_encodings.hpp lists.
namespace weir::fuzz {

using seeds = std::vector<std::string>;

seeds key_state_seeds();
seeds epoch_record_seeds();
seeds partial_seeds();
seeds window_cell_seeds();
seeds cell_key_seeds();
seeds cell_seeds();
seeds hyperloglog_seeds();
seeds ddsketch_seeds();
seeds top_seeds();
seeds user_state_seeds();
seeds clock_report_seeds();
seeds run_seeds();
seeds gold_seeds();

}  // namespace weir::fuzz
