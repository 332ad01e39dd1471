#include "apps/viewer/playback/player.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numbers>
#include <utility>

#include "apps/viewer/playback/curves.h"
#include "apps/viewer/playback/policy_values.h"

namespace nabla::viewer {
namespace {

constexpr std::size_t kLongestTrack = 2048;

// `direction`, scaled so that its largest component is ±1; zero stays zero.
agent::Vector ScaledToOne(const agent::Vector& direction) {
  const agent::Real largest = direction.cwiseAbs().maxCoeff();
  return largest > 0 ? agent::Vector(direction / largest) : direction;
}

}  // namespace

Player::Player(const agent::TaskConfig& config, std::uint64_t seed)
    : environment_(envs::Make(config.environment)),
      picture_(environment_->Clone()),
      mouse_drag_(*environment_),
      policy_(config),
      seed_(seed),
      noise_(seed, "viewer.exploration"),
      observation_(environment_->spec().observation_size),
      action_(agent::Vector::Zero(environment_->spec().action_size)),
      transitions_(observation_.size(), action_.size()) {
  Reset();
}

void Player::Begin(const envs::Vector& state) {
  previous_ = state_ = start_ = state;
  acted_on_ = observation_;
  action_.setZero();
  track_.assign(1, state);
  track_every_ = 1;
  phase_ = 1;
  ended_ = false;
  step_ = 0;
  total_reward_ = 0;
  drag_.reset();
  policy_.EndEpisode();
}

void Player::Reset() {
  Rng rng(seed_, "viewer." + std::to_string(++episode_));
  environment_->Reset(rng, observation_);
  start_memory_ = environment_->Memory();
  Begin(environment_->State());
}

void Player::Restart() { RestartFrom(envs::Vector(start_)); }

void Player::RestartFrom(const envs::Vector& state) {
  environment_->SetMemory(start_memory_);
  environment_->SetState(state);
  environment_->Observe(observation_);
  Begin(state);
}

void Player::CopyStart(const Player& other) {
  start_ = other.start_;
  start_memory_ = other.start_memory_;
  episode_ = other.episode_;
}

void Player::Advance(double seconds, int max_steps, const StopCheck& stop) {
  const double h = environment_->spec().time_step;
  phase_ += seconds / h;
  for (int steps = 0; phase_ > 1; ++steps) {
    if (ended_ || steps == max_steps ||
        stop()) {  // drop the rest of the time to keep the frame rate
      phase_ = 1;
      return;
    }
    StepPhysics();
    phase_ -= 1;
    if (ended_) phase_ = std::min(phase_, 1.0);
  }
}

void Player::StepOnce() {
  if (!ended_) StepPhysics();
  phase_ = 1;
}

void Player::ChooseAction() {
  if (taken_over_) {
    action_ = *taken_over_;
    return;
  }
  action_ =
      policy_.Act(observation_, explores_ ? agent::Mode::kExplore : agent::Mode::kExploit, noise_);
}

void Player::StepPhysics() {
  ChooseAction();
  previous_ = state_;
  acted_on_ = observation_;
  envs::StepResult result;
  try {
    const envs::Spec& spec = environment_->spec();
    result = environment_->Step(policy_.policy().bounds().ToEnvironment(action_), observation_);
    if (drag_) {
      envs::Vector dragged = environment_->State();
      dragged += mouse_drag_.Pull(dragged, drag_->point, drag_->to, spec.time_step);
      environment_->SetState(dragged);
      environment_->Observe(observation_);
    }
  } catch (const std::exception& error) {  // a drag or a start that the physics cannot simulate
    problem_ = error.what();
    Reset();
    return;
  }
  state_ = environment_->State();
  if (!drag_) {  // the task has no transition with a drag
    transitions_.Add(acted_on_.cast<agent::Real>(), action_, result.reward,
                     observation_.cast<agent::Real>(), result.terminated);
  }
  ++step_;
  total_reward_ += result.reward;
  AddToTrack();
  ended_ = result.terminated || result.truncated;
}

void Player::AddToTrack() {
  if (step_ % track_every_ == 0) track_.push_back(state_);
  if (track_.size() <= kLongestTrack) return;
  Thin(track_, kLongestTrack);
  track_every_ *= 2;
}

double Player::time() const {
  const double h = environment_->spec().time_step;
  return std::max(0.0, (static_cast<double>(step_) - 1 + phase_) * h);
}

envs::Vector Player::Interpolated() const {
  const double phase = std::clamp(phase_, 0.0, 1.0);
  envs::Vector state = state_;
  for (Eigen::Index i = 0; i < state.size(); ++i) {
    double change = state_[i] - previous_[i];
    if (std::abs(change) > std::numbers::pi && std::abs(change) < 2 * std::numbers::pi + 1) {
      change = std::remainder(change, 2 * std::numbers::pi);
    }
    // Backwards from the end, so that φ = 1 gives the state exactly.
    state[i] = state_[i] - (1 - phase) * change;
  }
  return state;
}

bool Player::BeginDrag(envs::Point at) {
  const auto point = mouse_drag_.Nearest(state_, at);
  drag_.reset();
  if (!point) return false;
  drag_ = {.point = *point, .to = at};
  return true;
}

void Player::DragTo(envs::Point to) {
  if (drag_) drag_->to = to;
}

bool Player::PlaceAt(envs::Point at) {
  const auto point = mouse_drag_.Nearest(state_, at);
  if (!point) return false;
  RestartFrom(mouse_drag_.Place(state_, *point, at));
  return true;
}

std::vector<ActionView> Player::Actions() {
  const envs::Vector applied = policy_.policy().bounds().ToEnvironment(action_);
  const agent::Vector policy = policy_.Act(acted_on_, agent::Mode::kExploit, noise_);
  std::vector<ActionView> actions;
  for (Eigen::Index i = 0; i < action_.size(); ++i) {
    actions.push_back({.name = ActionName(i, action_.size()),
                       .value = applied[i],
                       .normalized = static_cast<double>(action_[i]),
                       .policy = static_cast<double>(policy[i])});
  }
  return actions;
}

std::optional<PushView> Player::Push() {
  if (!drag_) return std::nullopt;
  return PushView{.from = mouse_drag_.PointAt(Interpolated(), drag_->point), .to = drag_->to};
}

EnvironmentView Player::View() {
  EnvironmentView view;
  view.title = title_;
  view.environment = environment_->spec().name;
  picture_->SetState(Interpolated());
  const envs::Vector applied = policy_.policy().bounds().ToEnvironment(action_);
  view.draw = [picture = picture_, applied](envs::Canvas& canvas) {
    picture->Draw(canvas, applied);
  };
  view.actions = Actions();
  const ActionGradient gradient = Differentiate(policy_, acted_on_);
  view.q = gradient.q;
  for (std::size_t i = 0; i < view.actions.size(); ++i) {
    view.actions[i].q_gradient = static_cast<double>(gradient.dq_da[static_cast<Eigen::Index>(i)]);
  }
  const envs::Vector uphill = policy_.policy().bounds().ToEnvironment(ScaledToOne(gradient.dq_da));
  view.draw_gradient = [picture = picture_, uphill](envs::Canvas& canvas) {
    picture->Draw(canvas, uphill);
  };
  view.time = time();
  view.total_reward = total_reward_;
  view.step = step_;
  view.step_limit = environment_->spec().step_limit;
  view.episode = episode_;
  view.taken_over = taken_over();
  view.explores = explores_;
  view.push = Push();
  return view;
}

}  // namespace nabla::viewer
