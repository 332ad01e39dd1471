#include <array>

#include "agent/state/file_io.h"
#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {
namespace {

using Data = std::shared_ptr<const void>;

}  // namespace

std::span<const PanelEntry> PanelTable() {
  static const std::array<PanelEntry, kPanels> table = {{
      {Panel::kEnvironment, "environment", "Environment",
       [](Painter& painter, const Rect& area, const Scene& scene) {
         DrawEnvironments(painter, area, scene);
       },
       [](const Scene&) -> Data { return nullptr; }},
      {Panel::kLearningCurve, "learning_curve", "Learning curve", DrawLearningCurve,
       [](const Scene& scene) -> Data { return scene.learning_curve; }},
      {Panel::kActionSlice, "action_slice", "Q along the action", DrawActionSlice,
       [](const Scene& scene) -> Data { return scene.action_slice; }},
      {Panel::kValueMap, "value_map", "Value map", DrawValueMap,
       [](const Scene& scene) -> Data { return scene.value_map; }},
      {Panel::kTraining, "training", "Training", DrawTraining,
       [](const Scene& scene) -> Data { return scene.training; }},
      {Panel::kActionHistogram, "action_histogram", "Actions taken", DrawActionHistogram,
       [](const Scene& scene) -> Data { return scene.action_histogram; }},
      {Panel::kNetwork, "network", "Networks", DrawNetwork,
       [](const Scene& scene) -> Data { return scene.network; }},
  }};
  return table;
}

PanelSet ParsePanels(std::string_view names) {
  if (names == "all") return PanelSet().set();
  PanelSet set;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, comma);
    names.remove_prefix(std::min(comma + 1, names.size()));
    std::string known = "all";
    bool found = false;
    for (const PanelEntry& entry : PanelTable()) {
      known += ", " + entry.name;
      if (entry.name != name) continue;
      found = true;
      set.set(static_cast<std::size_t>(entry.panel));
    }
    if (!found) {
      throw agent::InputError("no panel is named '" + std::string(name) + "'; there are: " + known);
    }
  }
  return set;
}

}  // namespace nabla::viewer
