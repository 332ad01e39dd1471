// A scene with fixed data for all panels, for reproducible pictures.
#pragma once

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer::test {

Scene SampleScene(bool dark = true);
// With several `actions` components and `environments` side by side.
Scene LargeScene(int actions, int environments);

}  // namespace nabla::viewer::test
