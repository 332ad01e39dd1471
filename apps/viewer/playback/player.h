// Player: plays episodes of a policy in its own environment, at any speed. The drawn state is
// interpolated between the last two physics steps:
//
//   s(t) = s_k + φ (s_{k+1} − s_k),   φ = (t − t_k) / h in [0, 1]
//
// so a picture is at most one step h old and motion is smooth. A difference of more than π that is
// shorter the other way round the circle belongs to a wrapped angle, which takes the shorter way.
//
// A player shares nothing with a training: no environment, random stream or replay buffer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/viewer/playback/mouse_drag.h"
#include "apps/viewer/playback/policy_replica.h"
#include "apps/viewer/playback/recent_transitions.h"
#include "apps/viewer/playback/threads.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

class Player {
 public:
  // Episode i starts from the random stream (seed, "viewer.<i>"), so players with the same seed
  // have the same start states.
  Player(const agent::TaskConfig& config, std::uint64_t seed);

  void SetPolicy(std::shared_ptr<const agent::SavedPolicy> saved) {
    policy_.Load(std::move(saved));
  }
  void SetTitle(const std::string& title) { title_ = title; }

  // Advances by `seconds` of simulated time, at most `max_steps` physics steps. Stops at the end of
  // an episode until Reset, and when `stop` says so.
  void Advance(
      double seconds, int max_steps, const StopCheck& stop = [] { return false; });
  // One physics step; the drawn state is then the new one.
  void StepOnce();
  // Starts the next episode.
  void Reset();
  // Starts the same episode again, or one from `state`, which a training need not be able to reach.
  void Restart();
  void RestartFrom(const envs::Vector& state);
  // Copies the start state and the episode number of `other`, for the next Restart.
  void CopyStart(const Player& other);

  // Applies `action` [a] in [−1, 1] until Release.
  void TakeOver(const agent::Vector& action) { taken_over_ = action; }
  void Release() { taken_over_.reset(); }
  bool taken_over() const { return taken_over_.has_value(); }
  void Explore(bool explores) { explores_ = explores; }
  bool explores() const { return explores_; }

  // Drags the drawn point nearest to `at` towards `to` (see mouse_drag.h) until EndDrag. Returns
  // false if no point moves.
  bool BeginDrag(envs::Point at);
  void DragTo(envs::Point to);
  void EndDrag() { drag_.reset(); }
  bool dragging() const { return drag_.has_value(); }
  // Restarts from the current state, changed so that the drawn point nearest to `at` is at `at`.
  bool PlaceAt(envs::Point at);

  EnvironmentView View();

  const envs::Environment& environment() const { return *environment_; }
  const PolicyReplica& policy() const { return policy_; }
  const envs::Vector& state() const { return state_; }
  const envs::Vector& start() const { return start_; }
  envs::Vector Interpolated() const;
  // The observation that the drawn action was selected for.
  const envs::Vector& observation() const { return acted_on_; }
  // States of the current episode, oldest first, thinned if there are many.
  const std::vector<envs::Vector>& track() const { return track_; }
  std::int64_t step() const { return step_; }
  std::int64_t episode() const { return episode_; }
  bool ended() const { return ended_; }
  double total_reward() const { return total_reward_; }
  // The newest transitions, without those during a drag.
  const RecentTransitions& transitions() const { return transitions_; }
  double time() const;
  // Why the last episode was aborted, "" if none was.
  const std::string& problem() const { return problem_; }

 private:
  void Begin(const envs::Vector& state);
  void StepPhysics();
  void ChooseAction();
  void AddToTrack();
  std::vector<ActionView> Actions();
  std::optional<PushView> Push();

  std::unique_ptr<envs::Environment> environment_;
  std::shared_ptr<envs::Environment> picture_;  // drawn, never stepped
  MouseDrag mouse_drag_;
  PolicyReplica policy_;
  std::uint64_t seed_;
  Rng noise_;
  std::string title_;
  std::string problem_;

  envs::Vector previous_, state_, start_;
  std::vector<std::uint64_t> start_memory_;
  envs::Vector observation_;  // of state_
  envs::Vector acted_on_;     // of previous_
  agent::Vector action_;      // of the last step, in [−1, 1]
  std::optional<agent::Vector> taken_over_;
  bool explores_ = false;

  struct Drag {
    int point = 0;   // of mouse_drag_
    envs::Point to;  // m
  };
  std::optional<Drag> drag_;

  RecentTransitions transitions_;
  std::vector<envs::Vector> track_;
  std::int64_t track_every_ = 1;
  double phase_ = 1;  // φ
  bool ended_ = false;
  std::int64_t step_ = 0;
  std::int64_t episode_ = 0;
  double total_reward_ = 0;
};

}  // namespace nabla::viewer
