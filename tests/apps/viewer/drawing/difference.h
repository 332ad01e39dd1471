// How different two pictures look.
#pragma once

#include "apps/viewer/drawing/surface.h"

namespace nabla::viewer::test {

// Distances in OKLab (1 is black to white) of means over 4 × 4 px: an edge that is smoothed in
// another way, or a letter a part of a pixel aside, is no difference to speak of.
struct Difference {
  double mean = 0;   // over the picture
  double worst = 0;  // the mean over the 32 × 32 px that differ most
};

// Infinite for pictures of different sizes.
Difference Compare(const Surface& a, const Surface& b);

// What rasterisers may differ by: Debian 13 has another FreeType than Debian 12, and its Cairo 1.18
// places letters between pixels where 1.16 rounds. A picture moved by half a pixel stays below it;
// one in which a curve runs elsewhere does not. Both are tested.
inline constexpr Difference kTolerance = {.mean = 0.006, .worst = 0.03};
inline bool LooksTheSame(const Difference& difference) {
  return difference.mean <= kTolerance.mean && difference.worst <= kTolerance.worst;
}

}  // namespace nabla::viewer::test
