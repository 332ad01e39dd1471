// Where the golden data is: tests/golden/README.md says what it is and how it was made.
#pragma once

#include <string>

namespace nabla::test {

inline const std::string kGolden = NABLA_SOURCE_DIR "/tests/golden/";

}  // namespace nabla::test
