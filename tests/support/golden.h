// The folder of the golden data. tests/golden/README.md describes the data and its origin.
#pragma once

#include <string>

namespace nabla::test {

inline const std::string kGolden = NABLA_SOURCE_DIR "/tests/golden/";

}  // namespace nabla::test
