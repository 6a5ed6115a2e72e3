#pragma once

#include <string>
#include <vector>

/// Inputs that a target makes itself, to be mutated besides those of the corpus folder.
std::vector<std::string> seeds_of_target();
