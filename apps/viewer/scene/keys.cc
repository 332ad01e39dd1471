#include "apps/viewer/scene/keys.h"

#include <algorithm>
#include <cctype>

namespace nabla::viewer {
namespace {

static_assert(kPanels < 11, "F12 saves a screenshot");
Key FunctionKey(std::size_t number) {
  return static_cast<Key>(static_cast<std::size_t>(Key::kF1) + number - 1);
}

// F2 for the first panel that can be hidden, F3 for the next one, ...
std::vector<KeyBinding> PanelBindings() {
  std::string titles;
  for (const PanelInfo& info : kPanelTable) {
    if (info.panel == Panel::kEnvironment) continue;
    std::string title(info.title);
    if (title[1] != ' ') title[0] = static_cast<char>(std::tolower(title[0]));  // not "Q along ..."
    titles += (titles.empty() ? "" : ", ") + title;
  }
  std::vector<KeyBinding> bindings;
  for (std::size_t i = 1; i < kPanels; ++i) {
    bindings.push_back({.key = FunctionKey(i + 1),
                        .command = Command::kTogglePanel,
                        .label = "F" + std::to_string(i + 1),
                        .description = "",
                        .panel = kPanelTable[i].panel});
  }
  bindings.front().label = "F2 … F" + std::to_string(kPanels);
  bindings.front().description = "show or hide: " + titles;
  return bindings;
}

std::vector<KeyBinding> MakeBindings() {
  std::vector<KeyBinding> table = {
      {Key::kF1, Command::kHelp, "F1, H", "show or hide this list"},
      {Key::kH, Command::kHelp, "H", ""},
      {Key::kSpace, Command::kPause, "Space", "pause or continue"},
      {Key::kN, Command::kStep, "N", "advance one physics step and pause", true},
      {Key::kBackspace, Command::kReset, "Backspace", "start the next episode"},
      {Key::k0, Command::kRestart, "0", "restart the same episode"},
      {Key::kPlus, Command::kFaster, "+, −", "double or halve the speed (¼× to 16×)"},
      {Key::kMinus, Command::kSlower, "−", ""},
      {Key::k1, Command::kNormalSpeed, "1", "real time"},
      {Key::kF, Command::kTrainingSpeed, "F", "speed of the training"},
      {Key::kLeft, Command::kActLeft, "← → ↓ ↑", "take over: smallest or largest action"},
      {Key::kRight, Command::kActRight, "→", ""},
      {Key::kDown, Command::kActDown, "↓", ""},
      {Key::kUp, Command::kActUp, "↑", ""},
      {Key::kEnter, Command::kRelease, "Enter", "return control to the policy"},
      {Key::kE, Command::kExplore, "E", "exploration noise on or off"},
      {Key::kC, Command::kCompare, "C", "add a checkpoint side by side"},
      {Key::kV, Command::kCompareNone, "V", "show the newest policy only"},
      {Key::kM, Command::kMapQuantity, "M", "value map: value or a component of the policy"},
      {Key::kX, Command::kMapAxisX, "X, Y", "value map: next state on that axis"},
      {Key::kY, Command::kMapAxisY, "Y", ""},
      {Key::kT, Command::kPace, "T", "train in real time or at full speed"},
      {Key::kD, Command::kTheme, "D", "dark or light theme"},
  };
  for (KeyBinding& binding : PanelBindings()) table.push_back(std::move(binding));
  const std::vector<KeyBinding> rest = {
      {FunctionKey(kPanels + 1), Command::kToggleAllPanels, "F" + std::to_string(kPanels + 1),
       "show all panels or none"},
      {Key::kF12, Command::kScreenshot, "F12", "save a screenshot"},
      {Key::kR, Command::kRecord, "R", "start or stop recording"},
      {Key::kEscape, Command::kClose, "Esc, Q", "quit; a training stops with a checkpoint"},
      {Key::kQ, Command::kClose, "Q", ""},
  };
  table.insert(table.end(), rest.begin(), rest.end());
  return table;
}

}  // namespace

const std::vector<KeyBinding>& KeyBindings() {
  static const std::vector<KeyBinding> table = MakeBindings();
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
      if (!binding.description.empty()) help->push_back({binding.label, binding.description});
    }
    help->push_back({"left mouse button", "drag the body"});
    help->push_back({"right mouse button", "start an episode at that point or map position"});
    return help;
  }();
  return lines;
}

}  // namespace nabla::viewer
