// The keys of the viewer: one table for event handling and for the help (F1).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// Keys by their label, independent of the window library.
enum class Key {
  kUnknown,
  kA,
  kB,
  kC,
  kD,
  kE,
  kF,
  kG,
  kH,
  kI,
  kJ,
  kK,
  kL,
  kM,
  kN,
  kO,
  kP,
  kQ,
  kR,
  kS,
  kT,
  kU,
  kV,
  kW,
  kX,
  kY,
  kZ,
  k0,
  k1,
  k2,
  k3,
  k4,
  k5,
  k6,
  k7,
  k8,
  k9,
  kF1,
  kF2,
  kF3,
  kF4,
  kF5,
  kF6,
  kF7,
  kF8,
  kF9,
  kF10,
  kF11,
  kF12,
  kSpace,
  kEnter,
  kTab,
  kEscape,
  kBackspace,
  kLeft,
  kRight,
  kUp,
  kDown,
  kPlus,
  kMinus,
};

enum class Command {
  kHelp,
  kClose,
  kPause,
  kStep,
  kReset,
  kRestart,
  kFaster,
  kSlower,
  kNormalSpeed,
  kTrainingSpeed,
  kActLeft,
  kActRight,
  kActDown,
  kActUp,
  kRelease,
  kExplore,
  kCompare,
  kCompareNone,
  kMapQuantity,
  kMapAxisX,
  kMapAxisY,
  kPace,
  kTheme,
  kTogglePanel,
  kToggleAllPanels,
  kScreenshot,
  kRecord,
};

struct KeyBinding {
  Key key;
  Command command;
  std::string label;                  // the key in the help
  std::string description;            // "" for a second key of the command above it
  bool repeats = false;               // while it is held down
  Panel panel = Panel::kEnvironment;  // of kTogglePanel
};

const std::vector<KeyBinding>& KeyBindings();

// Null if the key does nothing.
const KeyBinding* FindBinding(Key key);

// The help: one line for each command and for each mouse button.
std::shared_ptr<const std::vector<KeyHelp>> HelpLines();

}  // namespace nabla::viewer
