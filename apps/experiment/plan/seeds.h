// Seeds as a person writes them: `0-9`, `3`, `"0-4, 7"`, `[0-4, 7]`.
#pragma once

#include <cstdint>
#include <vector>

#include "config/document.h"

namespace nabla::experiment {

// In the order written. Throws config::Error that names the place for what is no seed, for none at
// all, for a range that runs backwards and for a seed that is listed twice.
std::vector<std::uint64_t> ReadSeeds(const config::Node& node, const config::Document& document);

}  // namespace nabla::experiment
