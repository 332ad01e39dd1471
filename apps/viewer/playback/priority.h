// Scheduling priorities of the viewer's threads, so that a training on the same machine keeps its
// speed.
#pragma once

namespace nabla::viewer {

inline constexpr int kDrawingNice = 5;
inline constexpr int kAnalysisNice = 15;

// Sets the nice value (0 to 19) of the calling thread and of the threads it starts from now on.
// Does nothing on systems other than Linux.
void LowerPriority(int nice);

}  // namespace nabla::viewer
