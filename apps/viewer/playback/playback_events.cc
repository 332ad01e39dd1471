// Playback::Handle: the effect of keys and of the mouse.
#include <algorithm>
#include <cctype>
#include <utility>

#include "apps/viewer/playback/playback.h"

namespace nabla::viewer {
namespace {

constexpr double kSlowest = 0.25, kFastest = 16;  // × real time
constexpr std::size_t kMaxPlayers = 4;

bool IsArrow(Key key) { return key >= Key::kLeft && key <= Key::kUp; }

}  // namespace

std::vector<KeyBinding> Playback::EpisodeKeys() {
  using P = Playback;
  const auto toggle_help = [](P& p) { p.scene_.shows_help = !p.scene_.shows_help; };
  const auto step = [](P& p) {
    p.paused_ = true;
    p.ForEach(&Player::StepOnce);
  };
  const auto explore = [](P& p) {
    p.explores_ = !p.explores_;
    p.ForEach([&p](Player& player) { player.Explore(p.explores_); });
  };
  const auto hold = [](Key arrow) { return [arrow](P& p) { p.HoldArrow(arrow, true); }; };
  return {
      {FunctionKey(1), "F1, H", "show or hide this list", toggle_help},
      {Key{'H'}, "H", "", toggle_help},
      {Key::kSpace, "Space", "pause or continue", [](P& p) { p.paused_ = !p.paused_; }},
      {Key{'N'}, "N", "advance one physics step and pause", step, true},
      {Key::kBackspace, "Backspace", "start the next episode", &P::ResetAll},
      {Key{'0'}, "0", "restart the same episode", [](P& p) { p.ForEach(&Player::Restart); }},
      {Key::kPlus, "+, −", "double or halve the speed (¼× to 16×)", [](P& p) { p.ScaleSpeed(2); }},
      {Key::kMinus, "−", "", [](P& p) { p.ScaleSpeed(0.5); }},
      {Key{'1'}, "1", "real time", [](P& p) { p.speed_ = 1; }},
      {Key{'F'}, "F", "speed of the training", [](P& p) { p.speed_ = 0; }},
      {Key::kLeft, "← → ↓ ↑", "take over: smallest or largest action", hold(Key::kLeft)},
      {Key::kRight, "→", "", hold(Key::kRight)},
      {Key::kDown, "↓", "", hold(Key::kDown)},
      {Key::kUp, "↑", "", hold(Key::kUp)},
      {Key::kEnter, "Enter", "return control to the policy",
       [](P& p) { p.ForEach(&Player::Release); }},
      {Key{'E'}, "E", "exploration noise on or off", explore},
  };
}

std::vector<KeyBinding> Playback::DisplayKeys() {
  using P = Playback;
  const auto close = [](P& p) { p.closed_ = true; };
  std::vector<KeyBinding> keys = {
      {Key{'C'}, "C", "add a checkpoint side by side", &P::AddComparison},
      {Key{'V'}, "V", "show the newest policy only", &P::RemoveComparisons},
      {Key{'M'}, "M", "value map: value or a component of the policy", &P::NextMapQuantity},
      {Key{'X'}, "X, Y", "value map: next state on that axis",
       [](P& p) { p.NextMapAxis(p.map_.x, p.map_.y.index); }},
      {Key{'Y'}, "Y", "", [](P& p) { p.NextMapAxis(p.map_.y, p.map_.x.index); }},
      {Key{'T'}, "T", "train in real time or at full speed", &P::TogglePace},
      {Key{'D'}, "D", "dark or light theme", [](P& p) { p.scene_.dark = !p.scene_.dark; }},
  };
  static_assert(kPanels < 11, "F12 saves a screenshot");
  const auto f = [](std::size_t number) { return "F" + std::to_string(number); };
  std::string titles;  // F2 hides the first panel after the environment, F3 the next one, ...
  for (std::size_t i = 1; i < kPanels; ++i) {
    std::string title(kPanelTable[i].title);
    if (title[1] != ' ') title[0] = static_cast<char>(std::tolower(title[0]));  // not "Q along ..."
    titles += (i > 1 ? ", " : "") + title;
    keys.push_back({FunctionKey(i + 1), f(i + 1), "", [i](P& p) { p.scene_.panels.flip(i); }});
  }
  KeyBinding& first = keys[keys.size() - (kPanels - 1)];
  first.label = "F2 … " + f(kPanels);
  first.description = "show or hide: " + titles;
  keys.insert(
      keys.end(),
      {{FunctionKey(kPanels + 1), f(kPanels + 1), "show all panels or none", &P::ToggleAllPanels},
       {FunctionKey(12), "F12", "save a screenshot", [](P& p) { p.wants_screenshot_ = true; }},
       {Key{'R'}, "R", "start or stop recording",
        [](P& p) { p.wants_recording_ = !p.wants_recording_; }},
       {Key::kEscape, "Esc, Q", "quit; a training stops with a checkpoint", close},
       {Key{'Q'}, "Q", "", close}});
  return keys;
}

const std::vector<KeyBinding>& Playback::KeyBindings() {
  static const std::vector<KeyBinding> table = [] {
    std::vector<KeyBinding> keys = EpisodeKeys();
    for (KeyBinding& binding : DisplayKeys()) keys.push_back(std::move(binding));
    return keys;
  }();
  return table;
}

std::shared_ptr<const std::vector<KeyHelp>> Playback::HelpLines() {
  auto help = std::make_shared<std::vector<KeyHelp>>();
  for (const KeyBinding& binding : KeyBindings()) {
    if (!binding.description.empty()) help->push_back({binding.label, binding.description});
  }
  help->push_back({"left mouse button", "drag the body"});
  help->push_back({"right mouse button", "start an episode at that point or map position"});
  return help;
}

void Playback::Handle(const InputEvent& event) {
  using Kind = InputEvent::Kind;
  switch (event.kind) {
    case Kind::kKeyDown:
      for (const KeyBinding& binding : KeyBindings()) {
        if (binding.key == event.key && (!event.repeated || binding.repeats)) binding.press(*this);
      }
      break;
    case Kind::kKeyUp:
      if (IsArrow(event.key)) HoldArrow(event.key, false);
      break;
    case Kind::kWheel:
      if (event.wheel != 0 && speed_ > 0) ScaleSpeed(event.wheel > 0 ? 2 : 0.5);
      break;
    case Kind::kClose:
      closed_ = true;
      break;
    case Kind::kLostFocus:  // key releases will not be reported
      arrows_.fill(false);
      if (players_[0]->taken_over()) ApplyArrows();
      EndDrag();
      break;
    default:
      HandleMouse(event);
  }
}

// From the speed of the training back to real time.
void Playback::ScaleSpeed(double factor) {
  speed_ = speed_ > 0 ? std::clamp(factor * speed_, kSlowest, kFastest) : 1;
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
    ForEach(&Player::Restart);
    return;
  }
  ShowMessage(compared_.empty() ? "no other checkpoint (checkpoint.keep_every keeps checkpoints)"
                                : "no further checkpoint");
}

void Playback::RemoveComparisons() {
  players_.resize(1);
  compared_.clear();
  dragged_.reset();
}

void Playback::HoldArrow(Key arrow, bool held) {
  arrows_[static_cast<std::size_t>(arrow) - static_cast<std::size_t>(Key::kLeft)] = held;
  ApplyArrows();
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
  ForEach([&action](Player& player) { player.TakeOver(action); });
}

void Playback::EndDrag() {
  ForEach(&Player::EndDrag);
  dragged_.reset();
}

void Playback::HandleMouse(const InputEvent& event) {
  using Kind = InputEvent::Kind;
  const Hit& hit = event.hit;
  const bool on_environment =
      hit.found && hit.panel == Panel::kEnvironment && hit.environment < players_.size();
  const bool left = event.button == InputEvent::Button::kLeft;
  const envs::Point at = {hit.x, hit.y};
  if (event.kind == Kind::kMouseUp && left) {
    EndDrag();
  } else if (event.kind == Kind::kMouseMove) {
    if (dragged_ && on_environment && hit.environment == *dragged_) players_[*dragged_]->DragTo(at);
  } else if (event.kind == Kind::kMouseDown && !left) {
    StartAt(hit);
  } else if (event.kind == Kind::kMouseDown && on_environment) {
    if (players_[hit.environment]->BeginDrag(at)) dragged_ = hit.environment;
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
  ForEach([&start](Player& player) { player.RestartFrom(start); });
}

}  // namespace nabla::viewer
