// The perceptual difference of two pictures.
#pragma once

#include "apps/viewer/drawing/surface.h"

namespace nabla::viewer::test {

// Distances in OKLab (1 is black to white) of means over 4 × 4 px, which are insensitive to
// anti-aliasing and to shifts by a fraction of a pixel.
struct Difference {
  double mean = 0;   // over the picture
  double worst = 0;  // the largest mean over 32 × 32 px
};

// Infinite if the sizes differ.
Difference Compare(const Surface& a, const Surface& b);

// Tolerates other font rasterisers: Debian 13 has another FreeType than Debian 12, and its
// Cairo 1.18 places letters between pixels where 1.16 rounds. A shift by half a pixel is tolerated,
// another curve is not; tests check both.
inline constexpr Difference kTolerance = {.mean = 0.006, .worst = 0.03};
inline bool LooksTheSame(const Difference& difference) {
  return difference.mean <= kTolerance.mean && difference.worst <= kTolerance.worst;
}

}  // namespace nabla::viewer::test
