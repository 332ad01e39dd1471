// What keys and the mouse do to the stage.
#include <algorithm>
#include <utility>

#include "apps/viewer/playback/stage.h"

namespace nabla::viewer {
namespace {

constexpr double kSlowest = 0.25, kFastest = 16;  // × real time
constexpr std::size_t kMostPlayers = 4;

struct PanelKey {
  Command command;
  Panel panel;
};
constexpr PanelKey kPanelKeys[] = {
    {Command::kShowLearningCurve, Panel::kLearningCurve},
    {Command::kShowActionSlice, Panel::kActionSlice},
    {Command::kShowValueMap, Panel::kValueMap},
    {Command::kShowTraining, Panel::kTraining},
    {Command::kShowActionHistogram, Panel::kActionHistogram},
    {Command::kShowNetwork, Panel::kNetwork},
};

// Which of left, right, down, up; −1: no arrow.
int ArrowOf(Command command) {
  const int arrow = static_cast<int>(command) - static_cast<int>(Command::kActLeft);
  return arrow >= 0 && arrow < 4 ? arrow : -1;
}

}  // namespace

void Stage::Handle(const Event& event) {
  const KeyBinding* binding = FindBinding(event.key);
  switch (event.kind) {
    case Event::Kind::kKeyDown:
      if (binding != nullptr && (!event.repeated || binding->repeats)) Obey(*binding);
      break;
    case Event::Kind::kKeyUp:
      if (binding != nullptr && ArrowOf(binding->command) >= 0) {
        arrows_[static_cast<std::size_t>(ArrowOf(binding->command))] = false;
        Act();
      }
      break;
    case Event::Kind::kWheel:
      if (event.wheel != 0 && speed_ > 0) SetSpeed(event.wheel > 0 ? speed_ * 2 : speed_ / 2);
      break;
    case Event::Kind::kClose:
      closed_ = true;
      break;
    case Event::Kind::kLostFocus:  // the keys' ends will not be told
      arrows_.fill(false);
      if (players_[0]->taken_over()) Act();
      pushed_.reset();
      for (const auto& player : players_) player->Free();
      break;
    default:
      OnMouse(event);
  }
}

void Stage::Obey(const KeyBinding& binding) {
  if (const int arrow = ArrowOf(binding.command); arrow >= 0) {
    arrows_[static_cast<std::size_t>(arrow)] = true;
    Act();
    return;
  }
  ObeyPlayback(binding.command);
  ObeyPanels(binding.command);
}

void Stage::ObeyPlayback(Command command) {
  switch (command) {
    case Command::kPause:
      paused_ = !paused_;
      break;
    case Command::kStep:
      paused_ = true;
      for (const auto& player : players_) player->StepOnce();
      break;
    case Command::kReset:
      ResetAll();
      break;
    case Command::kRestart:
      for (const auto& player : players_) player->Restart();
      break;
    case Command::kFaster:
      SetSpeed(speed_ > 0 ? speed_ * 2 : 1);
      break;
    case Command::kSlower:
      SetSpeed(speed_ > 0 ? speed_ / 2 : 1);
      break;
    case Command::kNormalSpeed:
      SetSpeed(1);
      break;
    case Command::kLearningSpeed:
      speed_ = 0;
      break;
    case Command::kGiveBack:
      for (const auto& player : players_) player->Release();
      break;
    case Command::kExplore:
      explores_ = !explores_;
      for (const auto& player : players_) player->Explore(explores_);
      break;
    case Command::kPace:
      trains_in_real_time_ = !trains_in_real_time_;
      if (!source_.SetPace(trains_in_real_time_ ? 1 / players_[0]->environment().spec().time_step
                                                : 0)) {
        trains_in_real_time_ = false;
        Say("the training is not in this program: its pace is its own");
      } else {
        Say(trains_in_real_time_ ? "trains in real time" : "trains at full speed");
      }
      break;
    case Command::kClose:
      closed_ = true;
      break;
    default:
      break;
  }
}

void Stage::ObeyPanels(Command command) {
  for (const PanelKey& entry : kPanelKeys) {
    if (entry.command == command) TogglePanel(entry.panel);
  }
  switch (command) {
    case Command::kHelp:
      scene_.shows_help = !scene_.shows_help;
      break;
    case Command::kShowAll:
      ToggleAllPanels();
      break;
    case Command::kTheme:
      scene_.dark = !scene_.dark;
      break;
    case Command::kCompare:
      AddComparison();
      break;
    case Command::kCompareNone:
      players_.resize(1);
      compared_.clear();
      pushed_.reset();
      break;
    case Command::kMapQuantity:
      NextMapQuantity();
      break;
    case Command::kMapAxisX:
      NextMapAxis(map_.x, map_.y.index);
      break;
    case Command::kMapAxisY:
      NextMapAxis(map_.y, map_.x.index);
      break;
    case Command::kScreenshot:
      wants_screenshot_ = true;
      break;
    case Command::kRecord:
      wants_recording_ = !wants_recording_;
      break;
    default:
      break;
  }
}

void Stage::SetSpeed(double speed) { speed_ = std::clamp(speed, kSlowest, kFastest); }

void Stage::TogglePanel(Panel panel) { scene_.panels.flip(static_cast<std::size_t>(panel)); }

void Stage::ToggleAllPanels() {
  if (scene_.panels.all()) {
    scene_.panels.reset();
  } else {
    scene_.panels.set();
  }
  scene_.panels.set(static_cast<std::size_t>(Panel::kEnvironment));
}

void Stage::NextMapQuantity() {
  const int components = players_[0]->environment().spec().action_size;
  map_.policy_component = map_.policy_component + 1 == components ? -1 : map_.policy_component + 1;
  until_map_ = 0;
}

void Stage::NextMapAxis(StateAxis& axis, int other) {
  int next = axis.index;
  do {
    next = (next + 1) % axes_.count();
  } while (next == other && axes_.count() > 1);
  axis = axes_.axis(next);
  until_map_ = 0;
}

// The first checkpoint that is not on the stage yet joins, and all start anew together.
void Stage::AddComparison() {
  if (players_.size() == kMostPlayers) {
    Say("no more than " + std::to_string(kMostPlayers) + " side by side; V: one alone");
    return;
  }
  for (const std::string& name : shelf_.Names()) {
    if (std::find(compared_.begin(), compared_.end(), name) != compared_.end()) continue;
    compared_.push_back(name);
    auto player = std::make_unique<Player>(config_, options_.seed);
    player->Explore(explores_);
    player->StartAlike(*players_[0]);
    players_.push_back(std::move(player));
    for (const auto& each : players_) each->Restart();
    return;
  }
  Say(compared_.empty() ? "no other checkpoint yet (checkpoint.keep_every keeps some)"
                        : "no further checkpoint");
}

// Arrows act on the first two components: left and right on one, down and up on the other.
void Stage::Act() {
  const Eigen::Index n = players_[0]->environment().spec().action_size;
  agent::Vector action = agent::Vector::Zero(n);
  const auto pair = [&](std::size_t least, std::size_t greatest) {
    return static_cast<agent::Real>(arrows_[greatest] ? 1 : 0) -
           static_cast<agent::Real>(arrows_[least] ? 1 : 0);
  };
  action[0] = pair(0, 1);
  if (n == 1) {
    action[0] = std::clamp<agent::Real>(action[0] + pair(2, 3), -1, 1);
  } else {
    action[1] = pair(2, 3);
  }
  for (const auto& player : players_) player->TakeOver(action);
}

void Stage::OnMouse(const Event& event) {
  const bool on_environment = event.hit.found && event.hit.panel == Panel::kEnvironment &&
                              event.hit.environment < players_.size();
  const envs::Point at = {event.hit.x, event.hit.y};
  if (event.kind == Event::Kind::kMouseUp && event.button == Event::Button::kLeft) {
    if (pushed_) players_[*pushed_]->Free();
    pushed_.reset();
  } else if (event.kind == Event::Kind::kMouseMove) {
    if (pushed_ && on_environment && event.hit.environment == *pushed_) {
      players_[*pushed_]->Pull(at);
    }
  } else if (event.kind == Event::Kind::kMouseDown && event.button == Event::Button::kRight) {
    StartAt(event.hit);
  } else if (event.kind == Event::Kind::kMouseDown && on_environment) {
    if (players_[event.hit.environment]->Grab(at)) pushed_ = event.hit.environment;
  }
}

void Stage::StartAt(const Hit& hit) {
  if (!hit.found) return;
  if (hit.panel == Panel::kEnvironment && hit.environment < players_.size()) {
    if (!players_[hit.environment]->PlaceAt({hit.x, hit.y})) return;
    const envs::Vector start = players_[hit.environment]->start();
    for (const auto& player : players_) player->RestartFrom(start);
  } else if (hit.panel == Panel::kValueMap && scene_.value_map) {
    envs::Vector start = players_[0]->state();
    start[scene_.value_map->x.index] = hit.x;
    start[scene_.value_map->y.index] = hit.y;
    for (const auto& player : players_) player->RestartFrom(start);
  }
}

}  // namespace nabla::viewer
