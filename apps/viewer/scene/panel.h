// The panels of a picture: one table for the layout, the keys, --panels and the titles.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <string_view>

namespace nabla::viewer {

// In the order of the picture, from top to bottom and left to right.
enum class Panel {
  kEnvironment,
  kLearningCurve,
  kActionSlice,
  kValueMap,
  kTraining,
  kActionHistogram,
  kNetwork,
};

struct PanelInfo {
  Panel panel;
  std::string_view name;   // for --panels
  std::string_view title;  // in the picture and in the list of keys
  double weight = 1;       // share of the height of its column
  double aspect = 1.7;     // preferred width / height
};

// Row i is the panel with the value i. The key F<i + 1> shows or hides it; row 0 is always shown.
inline constexpr std::array kPanelTable = {
    PanelInfo{Panel::kEnvironment, "environment", "Environment", 2, 1},
    PanelInfo{Panel::kLearningCurve, "learning_curve", "Learning curve"},
    PanelInfo{Panel::kActionSlice, "action_slice", "Q along the action"},
    PanelInfo{Panel::kValueMap, "value_map", "Value map"},
    PanelInfo{Panel::kTraining, "training", "Training"},
    PanelInfo{Panel::kActionHistogram, "action_histogram", "Actions taken"},
    PanelInfo{Panel::kNetwork, "network", "Networks", 1.3},
};
inline constexpr std::size_t kPanels = kPanelTable.size();

constexpr std::size_t IndexOf(Panel panel) { return static_cast<std::size_t>(panel); }
constexpr const PanelInfo& InfoOf(Panel panel) { return kPanelTable[IndexOf(panel)]; }

using PanelSet = std::bitset<kPanels>;
inline bool Shows(const PanelSet& set, Panel panel) { return set[IndexOf(panel)]; }

// "value_map,network", or "all". Throws std::invalid_argument that lists the names.
PanelSet ParsePanels(std::string_view names);

}  // namespace nabla::viewer
