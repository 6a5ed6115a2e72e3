#pragma once

// All that turns records into events and events into records again.
#include "pipeline/event/access_log.hpp"
#include "pipeline/event/quality.hpp"
#include "pipeline/event/silver.hpp"
#include "pipeline/event/time_format.hpp"
#include "pipeline/event/web_decoder.hpp"
