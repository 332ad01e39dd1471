// A scene of fixed numbers with everything in it, for pictures that can be compared.
#pragma once

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer::test {

Scene SampleScene(bool dark = true);
// With `count` components of the action and as many checkpoints side by side as `environments`.
Scene LargeScene(int actions, int environments);

}  // namespace nabla::viewer::test
