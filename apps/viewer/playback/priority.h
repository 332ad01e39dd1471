// How much the threads of the viewer stand back behind a training on the same machine.
#pragma once

namespace nabla::viewer {

inline constexpr int kDrawingNice = 5;
inline constexpr int kAnalystNice = 15;

// Gives the calling thread, and those that it starts from now on, the nice value `nice` (0 to 19).
// Linux knows priorities of threads; elsewhere nothing happens.
void LowerPriority(int nice);

}  // namespace nabla::viewer
