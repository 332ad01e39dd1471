// Playback::Handle: the effect of keys and of the mouse.
#include <algorithm>
#include <utility>

#include "apps/viewer/playback/playback.h"

namespace nabla::viewer {
namespace {

constexpr double kSlowest = 0.25, kFastest = 16;  // × real time
constexpr std::size_t kMaxPlayers = 4;

// Index into left, right, down, up; −1 if `command` is not an arrow.
int ArrowOf(Command command) {
  const int arrow = static_cast<int>(command) - static_cast<int>(Command::kActLeft);
  return arrow >= 0 && arrow < 4 ? arrow : -1;
}

}  // namespace

void Playback::Handle(const Event& event) {
  const KeyBinding* binding = FindBinding(event.key);
  switch (event.kind) {
    case Event::Kind::kKeyDown:
      if (binding != nullptr && (!event.repeated || binding->repeats)) Execute(*binding);
      break;
    case Event::Kind::kKeyUp:
      if (binding != nullptr && ArrowOf(binding->command) >= 0) {
        arrows_[static_cast<std::size_t>(ArrowOf(binding->command))] = false;
        ApplyArrows();
      }
      break;
    case Event::Kind::kWheel:
      if (event.wheel != 0 && speed_ > 0) SetSpeed(event.wheel > 0 ? speed_ * 2 : speed_ / 2);
      break;
    case Event::Kind::kClose:
      closed_ = true;
      break;
    case Event::Kind::kLostFocus:  // key releases will not be reported
      arrows_.fill(false);
      if (players_[0]->taken_over()) ApplyArrows();
      EndDrag();
      break;
    default:
      HandleMouse(event);
  }
}

void Playback::Execute(const KeyBinding& binding) {
  if (const int arrow = ArrowOf(binding.command); arrow >= 0) {
    arrows_[static_cast<std::size_t>(arrow)] = true;
    ApplyArrows();
    return;
  }
  ControlEpisodes(binding.command);
  ControlDisplay(binding);
}

void Playback::ControlEpisodes(Command command) {
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
    case Command::kTrainingSpeed:
      speed_ = 0;
      break;
    case Command::kRelease:
      for (const auto& player : players_) player->Release();
      break;
    case Command::kExplore:
      explores_ = !explores_;
      for (const auto& player : players_) player->Explore(explores_);
      break;
    case Command::kPace:
      TogglePace();
      break;
    case Command::kClose:
      closed_ = true;
      break;
    default:
      break;
  }
}

void Playback::ControlDisplay(const KeyBinding& binding) {
  switch (binding.command) {
    case Command::kHelp:
      scene_.shows_help = !scene_.shows_help;
      break;
    case Command::kTogglePanel:
      scene_.panels.flip(IndexOf(binding.panel));
      break;
    case Command::kToggleAllPanels:
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
      dragged_.reset();
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

void Playback::TogglePace() {
  const double real_time = 1 / players_[0]->environment().spec().time_step;  // steps/s
  if (!source_.SetPace(trains_in_real_time_ ? 0 : real_time)) {
    ShowMessage("cannot change the pace: the training runs in another process");
    return;
  }
  trains_in_real_time_ = !trains_in_real_time_;
  ShowMessage(trains_in_real_time_ ? "training in real time" : "training at full speed");
}

void Playback::SetSpeed(double speed) { speed_ = std::clamp(speed, kSlowest, kFastest); }

void Playback::ToggleAllPanels() {
  scene_.panels = scene_.panels.all() ? PanelSet() : PanelSet().set();
  scene_.panels.set(IndexOf(Panel::kEnvironment));
}

void Playback::NextMapQuantity() {
  const int components = players_[0]->environment().spec().action_size;
  map_.policy_component = map_.policy_component + 1 == components ? -1 : map_.policy_component + 1;
  until_map_ = 0;
}

void Playback::NextMapAxis(StateAxis& axis, int other) {
  int next = axis.index;
  do {
    next = (next + 1) % axes_.count();
  } while (next == other && axes_.count() > 1);
  axis = axes_.axis(next);
  until_map_ = 0;
}

// Adds the first checkpoint that is not shown yet, and restarts all episodes together.
void Playback::AddComparison() {
  if (players_.size() == kMaxPlayers) {
    ShowMessage("at most " + std::to_string(kMaxPlayers) +
                " policies side by side; V shows the newest only");
    return;
  }
  for (const std::string& name : checkpoints_.Names()) {
    if (std::find(compared_.begin(), compared_.end(), name) != compared_.end()) continue;
    compared_.push_back(name);
    auto player = std::make_unique<Player>(config_, options_.seed);
    player->Explore(explores_);
    player->CopyStart(*players_[0]);
    players_.push_back(std::move(player));
    for (const auto& each : players_) each->Restart();
    return;
  }
  ShowMessage(compared_.empty() ? "no other checkpoint (checkpoint.keep_every keeps checkpoints)"
                                : "no further checkpoint");
}

// Left and right set the first component of the action, down and up the second if there is one.
void Playback::ApplyArrows() {
  const Eigen::Index n = players_[0]->environment().spec().action_size;
  agent::Vector action = agent::Vector::Zero(n);
  const auto pair = [&](std::size_t negative, std::size_t positive) {
    return static_cast<agent::Real>(arrows_[positive] ? 1 : 0) -
           static_cast<agent::Real>(arrows_[negative] ? 1 : 0);
  };
  action[0] = pair(0, 1);
  if (n == 1) {
    action[0] = std::clamp<agent::Real>(action[0] + pair(2, 3), -1, 1);
  } else {
    action[1] = pair(2, 3);
  }
  for (const auto& player : players_) player->TakeOver(action);
}

void Playback::EndDrag() {
  for (const auto& player : players_) player->EndDrag();
  dragged_.reset();
}

void Playback::HandleMouse(const Event& event) {
  const bool on_environment = event.hit.found && event.hit.panel == Panel::kEnvironment &&
                              event.hit.environment < players_.size();
  const envs::Point at = {event.hit.x, event.hit.y};
  if (event.kind == Event::Kind::kMouseUp && event.button == Event::Button::kLeft) {
    EndDrag();
  } else if (event.kind == Event::Kind::kMouseMove) {
    if (dragged_ && on_environment && event.hit.environment == *dragged_) {
      players_[*dragged_]->DragTo(at);
    }
  } else if (event.kind == Event::Kind::kMouseDown && event.button == Event::Button::kRight) {
    StartAt(event.hit);
  } else if (event.kind == Event::Kind::kMouseDown && on_environment) {
    if (players_[event.hit.environment]->BeginDrag(at)) dragged_ = event.hit.environment;
  }
}

void Playback::StartAt(const Hit& hit) {
  if (!hit.found) return;
  envs::Vector start;
  if (hit.panel == Panel::kEnvironment && hit.environment < players_.size()) {
    if (!players_[hit.environment]->PlaceAt({hit.x, hit.y})) return;
    start = players_[hit.environment]->start();
  } else if (hit.panel == Panel::kValueMap && scene_.value_map) {
    start = players_[0]->state();
    start[scene_.value_map->x.index] = hit.x;
    start[scene_.value_map->y.index] = hit.y;
  } else {
    return;
  }
  for (const auto& player : players_) player->RestartFrom(start);
}

}  // namespace nabla::viewer
