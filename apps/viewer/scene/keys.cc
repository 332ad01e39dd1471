#include "apps/viewer/scene/keys.h"

#include <algorithm>

namespace nabla::viewer {

const std::vector<KeyBinding>& KeyBindings() {
  static const std::vector<KeyBinding> table = {
      {Key::kF1, Command::kHelp, "F1, H", "shows and hides this list"},
      {Key::kH, Command::kHelp, "H", ""},
      {Key::kSpace, Command::kPause, "Space", "pauses and goes on"},
      {Key::kN, Command::kStep, "N", "one step of the physics, then pauses", true},
      {Key::kBackspace, Command::kReset, "Backspace", "the next episode, from a new start"},
      {Key::k0, Command::kRestart, "0", "the same episode again, from its start"},
      {Key::kPlus, Command::kFaster, "+, −", "twice, half as fast (¼× to 16×)"},
      {Key::kMinus, Command::kSlower, "−", ""},
      {Key::k1, Command::kNormalSpeed, "1", "real time"},
      {Key::kF, Command::kLearningSpeed, "F", "as fast as it learns"},
      {Key::kLeft, Command::kActLeft, "← → ↓ ↑", "take over: the action's least, greatest value"},
      {Key::kRight, Command::kActRight, "→", ""},
      {Key::kDown, Command::kActDown, "↓", ""},
      {Key::kUp, Command::kActUp, "↑", ""},
      {Key::kEnter, Command::kGiveBack, "Enter", "gives back to the policy"},
      {Key::kE, Command::kExplore, "E", "exploration noise on and off"},
      {Key::kC, Command::kCompare, "C", "one more checkpoint side by side"},
      {Key::kV, Command::kCompareNone, "V", "the newest policy alone"},
      {Key::kM, Command::kMapQuantity, "M", "map: the value, a component of the policy"},
      {Key::kX, Command::kMapAxisX, "X, Y", "map: another state on that axis"},
      {Key::kY, Command::kMapAxisY, "Y", ""},
      {Key::kT, Command::kPace, "T", "trains in real time, or at full speed"},
      {Key::kD, Command::kTheme, "D", "dark, light"},
      {Key::kF2, Command::kShowLearningCurve, "F2 … F7",
       "panels: learning curve, Q along the action, map, training, actions, networks"},
      {Key::kF3, Command::kShowActionSlice, "F3", ""},
      {Key::kF4, Command::kShowValueMap, "F4", ""},
      {Key::kF5, Command::kShowTraining, "F5", ""},
      {Key::kF6, Command::kShowActionHistogram, "F6", ""},
      {Key::kF7, Command::kShowNetwork, "F7", ""},
      {Key::kF8, Command::kShowAll, "F8", "all panels, or none"},
      {Key::kF12, Command::kScreenshot, "F12", "saves a picture"},
      {Key::kR, Command::kRecord, "R", "begins and ends a recording"},
      {Key::kEscape, Command::kClose, "Esc, Q", "closes; a training ends behind a checkpoint"},
      {Key::kQ, Command::kClose, "Q", ""},
  };
  return table;
}

const KeyBinding* FindBinding(Key key) {
  const auto& table = KeyBindings();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [key](const KeyBinding& binding) { return binding.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::shared_ptr<const std::vector<KeyHelp>> HelpLines() {
  static const auto lines = [] {
    auto help = std::make_shared<std::vector<KeyHelp>>();
    for (const KeyBinding& binding : KeyBindings()) {
      if (!binding.meaning.empty()) help->push_back({binding.shown, binding.meaning});
    }
    help->push_back({"left mouse button", "pushes the body: drag it"});
    help->push_back({"right mouse button", "starts from there: on the picture or on the map"});
    return help;
  }();
  return lines;
}

}  // namespace nabla::viewer
