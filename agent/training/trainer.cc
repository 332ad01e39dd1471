#include "agent/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>
#include <utility>

#include "agent/training/non_finite.h"
#include "nn/kernels/denormals.h"

namespace nabla::agent {
namespace {

constexpr double kMostUpdatesOwed = 1000 * 4096 + 1;  // the limits of the configuration
constexpr double kLongestTraining = 1e12;             // s, for a state that is restored

template <class Column>
std::span<const Real> Span(const Column& column) {
  return {column.data(), static_cast<std::size_t>(column.size())};
}

std::string FirstNonFiniteTensor(Agent& agent) {
  return FirstNonFinite([&](const StateArchive& archive) { agent.Serialize(archive); });
}

std::string Short(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The environment for the training. Its episodes may be shorter than those of an evaluation.
std::unique_ptr<envs::Environment> TrainingEnvironment(const TaskConfig& config) {
  envs::EnvironmentConfig cut = config.environment;
  if (config.trainer.step_limit > 0) cut.step_limit = config.trainer.step_limit;
  return envs::Make(cut);
}

}  // namespace

std::unique_ptr<Agent> MakeAgent(const TaskConfig& config, const envs::Spec& spec, Workers& workers,
                                 const OptimizerFactory& make_optimizer) {
  Rng initialization(config.seed, "initialization");
  return MakeAgent(config.agent.algorithm,
                   {.observation_size = spec.observation_size,
                    .bounds = ActionBounds(spec),
                    .normalize_observations = config.trainer.normalize_observations,
                    .initialization = initialization,
                    .workers = workers,
                    .make_optimizer = make_optimizer});
}

Trainer::Trainer(const TaskConfig& config, Workers& workers)
    : config_(config),
      workers_(workers),
      evaluation_environment_(envs::Make(config.environment)),
      environments_(*TrainingEnvironment(config), config.trainer.envs, config.seed, "environment"),
      exploration_(config.seed, "exploration"),
      replay_(config.seed, "replay"),
      update_(config.seed, "update"),
      agent_(MakeAgent(config, evaluation_environment_->spec(), workers)),
      buffer_(evaluation_environment_->spec().observation_size,
              evaluation_environment_->spec().action_size, config.trainer.buffer_size,
              config.trainer.envs,
              {.gamma = agent_->config().gamma,
               .n_step = config.trainer.n_step,
               .priority = config.trainer.priority}),
      batch_(evaluation_environment_->spec().observation_size,
             evaluation_environment_->spec().action_size, agent_->config().batch_size,
             buffer_.extra()),
      policy_tape_(agent_->policy().MakeTape(config.trainer.envs)),
      actions_(evaluation_environment_->spec().action_size, config.trainer.envs) {
  if (const NoiseConfig* noise = agent_->exploration_noise()) {
    noise_.emplace(*noise, actions_.rows(), actions_.cols());
  }
  batch_.data().setZero();  // for messages before the first update
  for (Index copy = 0; copy < environments_.count(); ++copy) {
    buffer_.Begin(copy, Span(environments_.observations().col(copy)));
  }
}

Trainer::Outcome Trainer::Run(const std::atomic<bool>& stop) {
  bool is_complete = updates_owed_ < 1 && !EvaluationIsDue();
  for (;;) {
    if (!is_complete && !CompleteStep(stop)) return Outcome::kInterrupted;
    if (step_ >= config_.trainer.steps) return Outcome::kFinished;
    if (stop) return Outcome::kInterrupted;
    const auto start = std::chrono::steady_clock::now();
    Interact();
    step_seconds_ += SecondsSince(start);
    is_complete = false;
  }
}

// The updates and the evaluation that belong to the last step, then the observers.
bool Trainer::CompleteStep(const std::atomic<bool>& stop) {
  const auto start = std::chrono::steady_clock::now();
  for (; updates_owed_ >= 1 && !stop; --updates_owed_) Learn();
  step_seconds_ += SecondsSince(start);
  if (updates_owed_ >= 1) return false;
  if (EvaluationIsDue() && !RunEvaluation(true, stop)) return false;
  for (Observer* observer : observers_) observer->OnStep(step_);
  return true;
}

bool Trainer::EvaluationIsDue() const {
  const std::int64_t every = config_.evaluation.every;
  return every > 0 && step_ / every != evaluated_step_ / every;
}

void Trainer::Step() {
  Interact();
  for (; updates_owed_ >= 1; --updates_owed_) Learn();
}

void Trainer::Interact() {
  const nn::FlushDenormals flush;
  ChooseActions();
  environments_.Step(actions_);
  for (Index copy = 0; copy < environments_.count(); ++copy) Store(copy);
  if (step_ < config_.trainer.warmup_steps) return;
  updates_owed_ += config_.trainer.updates_per_step * static_cast<double>(environments_.count());
}

void Trainer::ChooseActions() {
  agent_->policy().Observe(environments_.observations());
  if (step_ < config_.trainer.warmup_steps) {
    for (Index i = 0; i < actions_.size(); ++i) {
      actions_.data()[i] = static_cast<Real>(exploration_.Uniform(-1, 1));
    }
    return;
  }
  agent_->policy().ActNormalized(environments_.observations(), Mode::kExplore, exploration_,
                                 policy_tape_, actions_);
  if (noise_) noise_->AddTo(exploration_, actions_);
  if (actions_.allFinite()) return;
  RequireFinite();
  ThrowDivergence("an action is not finite");
}

void Trainer::Store(Index copy) {
  ++step_;
  buffer_.Add(copy, Span(actions_.col(copy)), environments_.reward(copy),
              environments_.terminated(copy), Span(environments_.NextObservation(copy)));
  if (!environments_.ended(copy)) return;
  if (noise_) noise_->Reset(copy);
  ++episodes_;
  const EpisodeRecord record{.step = step_,
                             .total_reward = environments_.total_reward(copy),
                             .length = environments_.length(copy),
                             .seconds = Seconds()};
  for (Observer* observer : observers_) observer->OnEpisode(record);
  buffer_.Begin(copy, Span(environments_.observations().col(copy)));
}

void Trainer::Learn() {
  const nn::FlushDenormals flush;
  buffer_.Draw(replay_, batch_);
  const double progress = static_cast<double>(step_) / static_cast<double>(config_.trainer.steps);
  agent_->Update(batch_, std::min(progress, 1.0), update_);
  ++updates_;
  CheckFinite();
  buffer_.UpdatePriorities(batch_);
}

void Trainer::CheckFinite() {
  for (const Metric& metric : agent_->metrics().list()) {
    if (std::isfinite(metric.sum)) continue;
    const std::string tensor = FirstNonFiniteTensor(*agent_);
    ThrowDivergence(metric.name + " is not finite (first in " +
                    (tensor.empty() ? "the loss" : tensor) + ")");
  }
  CheckBound();
}

// |Q| ≤ max |r| / (1 − γ). A critic may exceed this bound temporarily, in particular before it has
// learned. If the mean size of the targets is more than twice the bound, and ten times that of the
// values of an untrained critic, the training has diverged.
void Trainer::CheckBound() {
  const envs::Spec& spec = evaluation_environment_->spec();
  const double reward = std::max(std::fabs(spec.reward_low), std::fabs(spec.reward_high));
  const double bound = agent_->ValueBound(reward), size = agent_->metrics().target_size();
  if (!(size > 2 * bound) || size <= 10 * UntrainedSize()) return;
  ThrowDivergence("the mean size of the critics' targets is " + Short(size) +
                  ", but rewards of at most " + Short(reward) + " and gamma " +
                  Short(agent_->config().gamma) + " allow no |Q| above " + Short(bound));
}

// 1/B Σ |Q(s', a')| of the batch, for a critic with its initial weights.
double Trainer::UntrainedSize() {
  if (!untrained_) {
    const envs::Spec& spec = evaluation_environment_->spec();
    untrained_ = MakeAgent(config_, spec, workers_)->critics().network(0);
  }
  nn::Tape tape = untrained_->MakeTape(batch_.size());
  return static_cast<double>(
      untrained_->Evaluate(batch_.next_observation_action(), tape).cwiseAbs().mean());
}

// Names the cause: the environment, the temperature, or the learning.
void Trainer::ThrowDivergence(const std::string& what) {
  const std::string name = evaluation_environment_->spec().name;
  const envs::Spec& spec = evaluation_environment_->spec();
  const double reward = std::max(std::fabs(spec.reward_low), std::fabs(spec.reward_high));
  const double seen = static_cast<double>(batch_.reward().cwiseAbs().maxCoeff());
  const double largest = static_cast<double>(batch_.observation().cwiseAbs().maxCoeff());
  const Temperature* temperature = agent_->temperature();
  std::string cause;
  if (seen > config_.trainer.n_step * reward * (1 + 1e-6)) {
    cause = "the environment " + name + " gives rewards of up to " + Short(seen) + ", beyond the " +
            Short(reward) + " that it declares; correct the range of its rewards";
  } else if (temperature != nullptr && temperature->HasRunAway()) {
    cause = "the temperature has grown to " + Short(temperature->alpha()) +
            ", since the entropy stays below its target of " +
            Short(temperature->target_entropy()) +
            "; try a lower agent.temperature.target_entropy or a smaller "
            "agent.temperature.learning_rate";
  } else if (largest > 1e6) {
    cause = "the environment " + name + " gives observations of up to " + Short(largest) +
            "; try trainer.normalize_observations";
  } else {
    cause = "try a smaller learning rate (agent.actor_learning_rate, agent.critic_learning_rate)";
  }
  throw Divergence("the training diverged at step " + std::to_string(step_) + ": " + what + "; " +
                   cause);
}

void Trainer::RequireFinite() {
  const std::string tensor = FirstNonFiniteTensor(*agent_);
  if (!tensor.empty()) ThrowDivergence(tensor + " is not finite");
}

bool Trainer::RunEvaluation(bool scheduled, const std::atomic<bool>& stop) {
  auto result =
      EvaluateUnlessStopped(agent_->policy(), *evaluation_environment_, config_.evaluation.episodes,
                            config_.seed, "evaluation", stop);
  if (!result) return false;
  const EvaluationRecord record{.step = step_,
                                .episodes = episodes_,
                                .updates = updates_,
                                .seconds = Seconds(),
                                .scheduled = scheduled,
                                .result = std::move(*result),
                                .metrics = &agent_->metrics().list()};
  evaluated_step_ = step_;
  for (Observer* observer : observers_) observer->OnEvaluation(record);
  if (scheduled) {
    for (Metric& metric : agent_->metrics().list()) metric.sum = 0, metric.count = 0;
  }
  return true;
}

double Trainer::Seconds() const { return seconds_before_ + SecondsSince(start_); }

void Trainer::Serialize(const StateArchive& archive) {
  const StateArchive trainer = archive.Group("trainer", TensorFile::kReplay);
  trainer.Between("step", step_, 0, kMaxCount);
  trainer.Between("episodes", episodes_, 0, step_);
  trainer.Between("updates", updates_, 0, kMaxCount);
  trainer.Between("updates_owed", updates_owed_, 0, kMostUpdatesOwed);
  trainer.Between("evaluated_step", evaluated_step_, 0, step_);
  trainer("exploration", exploration_);
  trainer("replay", replay_);
  trainer("update", update_);
  environments_.Serialize(trainer.Group("lanes"));
  if (noise_) noise_->Serialize(trainer);
  for (Metric& metric : agent_->metrics().list()) {
    const StateArchive group = trainer.Group("metrics." + metric.name);
    group("sum", metric.sum);
    group.Require(std::isfinite(metric.sum), "sum", "is not finite");
    group.Between("count", metric.count, 0, kMaxCount);
  }
  double seconds = Seconds();
  trainer.WallClock().Between("seconds", seconds, 0, kLongestTraining);
  if (archive.restoring()) {
    first_step_ = step_;
    seconds_before_ = seconds;
    start_ = std::chrono::steady_clock::now();
  }
  agent_->Serialize(archive);
  buffer_.Serialize(archive);
  archive.Require(updates_owed_ < 1 || buffer_.size() > 0, "replay.size",
                  "is 0, with updates owed");
}

}  // namespace nabla::agent
