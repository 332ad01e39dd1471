// The keys of the viewer: one table that the window, the stage and the help (F1) all read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

// Keys by what is printed on them, whatever the window's library calls them.
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
  kLearningSpeed,
  kActLeft,
  kActRight,
  kActDown,
  kActUp,
  kGiveBack,
  kExplore,
  kCompare,
  kCompareNone,
  kMapQuantity,
  kMapAxisX,
  kMapAxisY,
  kPace,
  kTheme,
  kShowLearningCurve,
  kShowActionSlice,
  kShowValueMap,
  kShowTraining,
  kShowActionHistogram,
  kShowNetwork,
  kShowAll,
  kScreenshot,
  kRecord,
};

struct KeyBinding {
  Key key;
  Command command;
  std::string shown;     // the key in the help
  std::string meaning;   // "" for a second key of the command above it
  bool repeats = false;  // while it is held down
};

const std::vector<KeyBinding>& KeyBindings();

const KeyBinding* FindBinding(Key key);

// The help: a line for each command, and one for each use of the mouse.
std::shared_ptr<const std::vector<KeyHelp>> HelpLines();

}  // namespace nabla::viewer
