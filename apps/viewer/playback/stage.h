// Stage: what the window shows and what it does: the players, side by side where checkpoints are
// compared, the analyst behind the panels, and what each key and the mouse do to them. It knows no
// window and no pixel: it takes events and the time that has passed, and gives a Scene.
//
//     Stage stage(source, {});
//     stage.Handle(Event::Down(Key::kSpace));
//     const Scene& scene = stage.Advance(1 / 60.0);
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/viewer/playback/analyst.h"
#include "apps/viewer/playback/checkpoint_shelf.h"
#include "apps/viewer/playback/player.h"
#include "apps/viewer/playback/state_axes.h"
#include "apps/viewer/playback/training.h"
#include "apps/viewer/scene/event.h"

namespace nabla::viewer {

struct StageOptions {
  std::uint64_t seed = 0;  // of the start states
  std::string title;       // of the newest policy: "latest", "best", ...
  // Analyse in Advance itself, so that the same calls give the same scenes (record, tests).
  bool synchronous = false;
  bool dark = true;
  PanelSet panels = PanelSet().set();
};

class Stage {
 public:
  // `source` must outlive this.
  Stage(Source& source, const StageOptions& options);

  void Handle(const Event& event);

  // Lets `seconds` of the clock on the wall pass. The scene holds until the next call.
  const Scene& Advance(double seconds);
  const Scene& scene() const { return scene_; }

  // Asked for by a key since the last call; the window knows how.
  bool TakeScreenshotRequest() { return std::exchange(wants_screenshot_, false); }
  bool wants_recording() const { return wants_recording_; }
  void StopRecording() { wants_recording_ = false; }
  bool closed() const { return closed_; }

  // Shown in the status line for a few seconds.
  void Say(const std::string& message);

  // For tests and scripts.
  const Player& player(std::size_t i = 0) const { return *players_[i]; }
  std::size_t players() const { return players_.size(); }
  bool paused() const { return paused_; }
  double speed() const { return speed_; }  // × real time; 0: as fast as it learns

 private:
  void Obey(const KeyBinding& binding);
  void ObeyPlayback(Command command);
  void ObeyPanels(Command command);
  void SetSpeed(double speed);
  void TogglePanel(Panel panel);
  void ToggleAllPanels();
  void NextMapQuantity();
  void NextMapAxis(StateAxis& axis, int other);
  void AddComparison();
  void Act();
  void OnMouse(const Event& event);
  void StartAt(const Hit& hit);

  void ResetAll();
  void UpdatePolicies();
  void Play(double seconds);
  double SimulatedSeconds(double seconds) const;
  Question MakeQuestion();
  void Analyse(double seconds);
  void FillScene();
  void FillStatus();
  void FillTrack();
  std::string SpeedText() const;

  Source& source_;
  StageOptions options_;
  agent::TaskConfig config_;
  StateAxes axes_;
  CheckpointShelf shelf_;
  std::vector<std::unique_ptr<Player>> players_;  // the first has the newest policy
  std::vector<std::string> compared_;             // the checkpoints of the others

  std::unique_ptr<Analyst> state_analyst_, policy_analyst_;  // null if synchronous
  std::unique_ptr<Analysis> analysis_;                       // null if not
  Answers answers_;
  double until_map_ = 0;  // s, where synchronous
  std::shared_ptr<const Experience> own_experience_;
  double until_experience_ = 0;  // s

  MapRequest map_;
  Training training_;
  // What `scene_.training` was made of.
  std::shared_ptr<const TrainingCurves> curves_;
  std::shared_ptr<const std::vector<TrainingCurves::Residual>> residuals_;

  bool paused_ = false;
  double speed_ = 1;
  bool explores_ = false;
  bool trains_in_real_time_ = false;
  std::array<bool, 4> arrows_{};       // left, right, down, up
  std::optional<std::size_t> pushed_;  // which player the mouse pushes
  double pause_ = 0;                   // s until the next episode

  bool wants_screenshot_ = false;
  bool wants_recording_ = false;
  bool closed_ = false;
  std::string message_;
  double message_left_ = 0;  // s
  Scene scene_;
};

}  // namespace nabla::viewer
