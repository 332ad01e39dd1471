// Playback: the state of the viewer: one player, or several side by side to compare checkpoints,
// the analysis for the panels, and the effect of each key and of the mouse. It is independent of
// window and drawing: it takes events and elapsed time, and returns a Scene.
//
//     Playback playback(source, {});
//     playback.Handle(InputEvent::Down(Key::kSpace));
//     const Scene& scene = playback.Advance(1 / 60.0);
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/viewer/playback/analysis.h"
#include "apps/viewer/playback/checkpoint_list.h"
#include "apps/viewer/playback/player.h"
#include "apps/viewer/playback/state_axes.h"
#include "apps/viewer/playback/training_source.h"
#include "apps/viewer/scene/input_event.h"

namespace nabla::viewer {

struct PlaybackOptions {
  std::uint64_t seed = 0;  // of the start states
  std::string title;       // of the newest policy: "latest", "best", ...
  // Analyse in Advance instead of in threads: the same calls give the same scenes (record, tests).
  bool synchronous = false;
  StopCheck stop = [] { return false; };
  bool dark = true;
  PanelSet panels = PanelSet().set();
};

class Playback;

struct KeyBinding {
  Key key;
  std::string label;        // the key in the help
  std::string description;  // "" for a second key of the binding above it
  std::function<void(Playback&)> press;
  bool repeats = false;  // while it is held down
};

class Playback {
 public:
  // All keys: the table for Handle and for the help, which has a line for each command and for each
  // mouse button.
  static const std::vector<KeyBinding>& KeyBindings();
  static std::shared_ptr<const std::vector<KeyHelp>> HelpLines();

  // `source` must outlive this object.
  Playback(TrainingSource& source, const PlaybackOptions& options);

  void Handle(const InputEvent& event);

  // Advances by `seconds` of wall time. The scene is valid until the next call.
  const Scene& Advance(double seconds);
  const Scene& scene() const { return scene_; }
  const agent::RunPaths& paths() const { return source_.paths(); }

  // Requests by keys that the window carries out.
  bool TakeScreenshotRequest() { return std::exchange(wants_screenshot_, false); }
  bool wants_recording() const { return wants_recording_; }
  void StopRecording() { wants_recording_ = false; }
  bool closed() const { return closed_; }

  // Shows `message` in the status line for a few seconds.
  void ShowMessage(const std::string& message);

  // For tests and scripts.
  const Player& player(std::size_t i = 0) const { return *players_[i]; }
  std::size_t players() const { return players_.size(); }
  bool paused() const { return paused_; }
  double speed() const { return speed_; }  // × real time; 0: the speed of the training

 private:
  static std::vector<KeyBinding> EpisodeKeys();
  static std::vector<KeyBinding> DisplayKeys();

  template <class Action>
  void ForEach(Action action) {
    for (const auto& player : players_) std::invoke(action, *player);
  }
  void ScaleSpeed(double factor);
  void TogglePace();
  void ToggleAllPanels();
  void NextMapQuantity();
  void NextMapAxis(StateAxis& axis, int other);
  void AddComparison();
  void RemoveComparisons();
  void HoldArrow(Key arrow, bool held);
  void ApplyArrows();
  void HandleMouse(const InputEvent& event);
  void StartAt(const Hit& hit);
  void EndDrag();

  void ResetAll();
  void UpdatePolicies();
  void Play(double seconds);
  double SimulatedSeconds(double seconds) const;
  AnalysisRequest MakeAnalysisRequest();
  void Analyse(double seconds);
  void FillScene();
  void FillStatus();
  void FillTrack();
  std::string SpeedText() const;

  TrainingSource& source_;
  PlaybackOptions options_;
  agent::TaskConfig config_;
  StateAxes axes_;
  CheckpointList checkpoints_;
  std::vector<std::unique_ptr<Player>> players_;  // the first has the newest policy
  std::vector<std::string> compared_;             // the checkpoints of the others

  std::unique_ptr<AnalysisThread> state_analysis_, policy_analysis_;  // null if synchronous
  std::unique_ptr<PanelAnalysis> analysis_;                           // null if not
  AnalysisResult result_;
  double until_map_ = 0;  // s, if synchronous
  std::shared_ptr<const RecentTransitions> own_transitions_;
  double until_transitions_ = 0;  // s

  MapRequest map_;
  TrainingSnapshot training_;
  // The sources of `scene_.training`.
  std::shared_ptr<const TrainingCurves> curves_;
  std::shared_ptr<const std::vector<TrainingCurves::Residual>> residuals_;

  bool paused_ = false;
  double speed_ = 1;
  bool explores_ = false;
  bool trains_in_real_time_ = false;
  std::array<bool, 4> arrows_{};        // left, right, down, up
  std::optional<std::size_t> dragged_;  // the player whose body the mouse drags
  double pause_ = 0;                    // s until the next episode

  bool wants_screenshot_ = false;
  bool wants_recording_ = false;
  bool closed_ = false;
  std::string message_;
  double message_left_ = 0;  // s
  Scene scene_;
};

}  // namespace nabla::viewer
