// Player: one episode after the other on an environment of its own, in simulated time that flows
// as it is told to. What is drawn lies between the last two physics steps:
//
//   s(t) = s_k + φ (s_{k+1} − s_k),   φ = (t − t_k) / h in [0, 1]
//
// so that a picture is at most one step h old and moves smoothly at any speed. A difference of more
// than π that is shorter the other way round the circle is an angle that was wrapped: it is gone
// the short way.
//
// Nothing here touches a training: neither its environments, nor its random streams, nor its
// replay buffer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/viewer/playback/experience.h"
#include "apps/viewer/playback/handle.h"
#include "apps/viewer/playback/policy.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

class Player {
 public:
  // Episode i starts from the random stream (seed, "viewer.<i>"): players of one seed start alike.
  Player(const agent::TaskConfig& config, std::uint64_t seed);

  // The policy that acts from now on.
  void SetPolicy(std::shared_ptr<const PolicyCopy> copy);
  void SetTitle(const std::string& title) { title_ = title; }

  // Lets `seconds` of simulated time flow, but no more than `most_steps` physics steps. At the end
  // of an episode time stands still until Reset.
  void Advance(double seconds, int most_steps);
  // One physics step; the picture then shows the state behind it.
  void StepOnce();
  // The next episode; the same one again; one from a state of choice. The last two need not be
  // reachable in training.
  void Reset();
  void Restart();
  void RestartFrom(const envs::Vector& state);
  // The next Restart begins as that of `other` does, and the episodes are counted alike.
  void StartAlike(const Player& other);

  // The action is `action` [a] in [−1, 1] until Release.
  void TakeOver(const agent::Vector& action) { taken_over_ = action; }
  void Release() { taken_over_.reset(); }
  bool taken_over() const { return taken_over_.has_value(); }
  void Explore(bool explores) { explores_ = explores; }
  bool explores() const { return explores_; }

  // Pushes the body: takes hold of what is drawn nearest to `at` and pulls it towards `to` (see
  // handle.h) until Free. False if nothing that moves is there.
  bool Grab(envs::Point at);
  void Pull(envs::Point to);
  void Free() { grip_.reset(); }
  bool grabbed() const { return grip_.has_value(); }
  // Starts anew from the present state, changed so that what is drawn nearest to `at` lies there.
  bool PlaceAt(envs::Point at);

  EnvironmentView View();

  const envs::Environment& environment() const { return *environment_; }
  const Policy& policy() const { return policy_; }
  const std::shared_ptr<const PolicyCopy>& copy() const { return copy_; }
  const envs::Vector& state() const { return state_; }
  const envs::Vector& start() const { return start_; }
  envs::Vector Interpolated() const;
  // What the policy acted on in the step that is drawn.
  const envs::Vector& observation() const { return seen_; }
  // States of the present episode, the oldest first; thinned when there are many.
  const std::vector<envs::Vector>& track() const { return track_; }
  std::int64_t step() const { return step_; }
  std::int64_t episode() const { return episode_; }
  bool ended() const { return ended_; }
  double total_reward() const { return total_reward_; }
  // The newest transitions, the pushed ones left out.
  const Experience& experience() const { return experience_; }
  double time() const;
  // Why an episode had to be broken off, "" if none had.
  const std::string& problem() const { return problem_; }

 private:
  void Begin(const envs::Vector& state);
  void StepPhysics();
  void ChooseAction();
  void Remember();
  std::vector<ActionView> Actions();
  std::vector<PushView> Pushes();

  std::unique_ptr<envs::Environment> environment_;
  std::shared_ptr<envs::Environment> picture_;  // is drawn, never stepped
  Handle handle_;
  Policy policy_;
  std::shared_ptr<const PolicyCopy> copy_;
  std::uint64_t seed_;
  Rng noise_;
  std::string title_;
  std::string problem_;

  envs::Vector previous_, state_, start_;
  std::vector<std::uint64_t> start_memory_;
  envs::Vector observation_;  // of state_
  envs::Vector seen_;         // of previous_
  agent::Vector action_;      // of the last step, in [−1, 1]
  std::optional<agent::Vector> taken_over_;
  bool explores_ = false;

  struct Grip {
    int point = 0;         // which of the handle's
    envs::Point from, to;  // m
  };
  std::optional<Grip> grip_;

  Experience experience_;
  std::vector<envs::Vector> track_;
  std::int64_t track_every_ = 1;
  double phase_ = 1;  // φ
  bool ended_ = false;
  std::int64_t step_ = 0;
  std::int64_t episode_ = 0;
  double total_reward_ = 0;
  double last_return_ = kNone;
};

}  // namespace nabla::viewer
