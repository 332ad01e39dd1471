// Lists of seeds as users write them: `0-9`, `3`, `"0-4, 7"`, `[0-4, 7]`.
#pragma once

#include <cstdint>
#include <vector>

#include "config/document.h"

namespace nabla::experiment {

// The seeds in the order of the file. Throws config::Error with the place for anything that is not
// a seed, an empty list, a descending range, and a seed that is listed twice.
std::vector<std::uint64_t> ReadSeeds(const config::Node& node, const config::Document& document);

}  // namespace nabla::experiment
