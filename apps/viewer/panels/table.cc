#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {

void DrawLearningCurve(Painter& painter, const Rect& area, const Scene& scene);
void DrawActionSlice(Painter& painter, const Rect& area, const Scene& scene);
void DrawValueMap(Painter& painter, const Rect& area, const Scene& scene);
void DrawTraining(Painter& painter, const Rect& area, const Scene& scene);
void DrawActionHistogram(Painter& painter, const Rect& area, const Scene& scene);
void DrawNetwork(Painter& painter, const Rect& area, const Scene& scene);

const std::array<PanelDrawing, kPanels>& PanelDrawings() {
  using Data = std::shared_ptr<const void>;
  static constexpr std::array<PanelDrawing, kPanels> table = {{
      {[](Painter& painter, const Rect& area, const Scene& scene) {
         DrawEnvironments(painter, area, scene);
       },
       [](const Scene&) -> Data { return nullptr; }},
      {DrawLearningCurve, [](const Scene& scene) -> Data { return scene.learning_curve; }},
      {DrawActionSlice, [](const Scene& scene) -> Data { return scene.action_slice; }},
      {DrawValueMap, [](const Scene& scene) -> Data { return scene.value_map; }},
      {DrawTraining, [](const Scene& scene) -> Data { return scene.training; }},
      {DrawActionHistogram, [](const Scene& scene) -> Data { return scene.action_histogram; }},
      {DrawNetwork, [](const Scene& scene) -> Data { return scene.network; }},
  }};
  return table;
}

}  // namespace nabla::viewer
