// The pictures that are compared with tests/golden/viewer, by name.
#pragma once

#include <string>
#include <vector>

#include "apps/viewer/drawing/surface.h"

namespace nabla::viewer::test {

struct NamedPicture {
  std::string name;
  Surface picture;
};

// Each panel alone, and some whole frames.
std::vector<NamedPicture> GoldenPictures();

}  // namespace nabla::viewer::test
