#pragma once

#include "config/settings.hpp"

namespace weir::bench {

/// The defaults, with goals and a funnel that the generated traffic meets, so that every KPI family has work.
settings bench_settings();

}  // namespace weir::bench
