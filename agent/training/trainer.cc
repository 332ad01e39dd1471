#include "agent/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>

namespace nabla::agent {
namespace {

template <class Column>
std::span<const Real> Span(const Column& column) {
  return {column.data(), static_cast<std::size_t>(column.size())};
}

// Finds the first tensor that holds something else than finite numbers.
class NonFiniteFinder : public StateBackend {
 public:
  bool restoring() const override { return false; }
  void Tensor(const std::string& name, TensorFile, const TensorSlot& slot) override {
    if (!name_.empty()) return;
    const bool finite = slot.dtype == DType::kF64 ? IsFinite<double>(slot) : IsFinite<float>(slot);
    if (!finite) name_ = name;
  }
  void Scalar(const std::string&, Section, const ScalarSlot&) override {}
  const std::string& name() const { return name_; }  // "" if there is none

 private:
  template <class Scalar>
  static bool IsFinite(const TensorSlot& slot) {
    const auto* data = reinterpret_cast<const Scalar*>(slot.data);
    for (Index j = 0; j < slot.cols; ++j) {
      for (Index i = 0; i < slot.rows; ++i) {
        if (!std::isfinite(data[j * slot.stride + i])) return false;
      }
    }
    return true;
  }

  std::string name_;
};

std::string FirstNonFinite(Agent& agent) {
  NonFiniteFinder finder;
  agent.State(StateArchive(finder));
  return finder.name();
}

[[noreturn]] void ThrowDivergence(std::int64_t step, const std::string& what) {
  throw Divergence("the training diverged at step " + std::to_string(step) + ": " + what +
                   "; try a smaller learning rate or reward scale");
}

std::string Short(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

// What is trained in: its episodes may be shorter than those of an evaluation.
std::unique_ptr<envs::Environment> TrainingEnvironment(const TaskConfig& config) {
  envs::EnvironmentConfig cut = config.environment;
  if (config.trainer.step_limit > 0) cut.step_limit = config.trainer.step_limit;
  return envs::Make(cut);
}

}  // namespace

std::unique_ptr<Agent> MakeAgent(const TaskConfig& config, const envs::Spec& spec, Workers& workers,
                                 ObservationNormalizer& normalizer) {
  Rng initialization(config.seed, "initialization");
  auto agent = MakeAgent(config.agent.algorithm, spec.observation_size, spec.action_size,
                         initialization, workers);
  if (!config.trainer.normalize_observations) return agent;
  return std::make_unique<NormalizedAgent>(std::move(agent), normalizer);
}

Trainer::Trainer(const TaskConfig& config, Workers& workers)
    : config_(config),
      evaluation_environment_(envs::Make(config.environment)),
      lanes_(*TrainingEnvironment(config), config.trainer.envs, config.seed, "environment"),
      exploration_(config.seed, "exploration"),
      replay_(config.seed, "replay"),
      update_(config.seed, "update"),
      normalizer_(evaluation_environment_->spec().observation_size),
      agent_(MakeAgent(config, evaluation_environment_->spec(), workers, normalizer_)),
      buffer_(evaluation_environment_->spec().observation_size,
              evaluation_environment_->spec().action_size, config.trainer.buffer_size,
              config.trainer.envs,
              {.gamma = agent_->gamma(),
               .n_step = config.trainer.n_step,
               .priority = config.trainer.priority}),
      batch_(evaluation_environment_->spec().observation_size,
             evaluation_environment_->spec().action_size, agent_->batch_size()),
      act_tape_(agent_->MakeActTape(config.trainer.envs)),
      actions_(evaluation_environment_->spec().action_size, config.trainer.envs) {
  if (const NoiseConfig* noise = agent_->exploration_noise()) {
    noise_.emplace(*noise, actions_.rows(), actions_.cols());
  }
  for (Index lane = 0; lane < lanes_.count(); ++lane) {
    buffer_.Begin(lane, Span(lanes_.observations().col(lane)));
  }
}

Trainer::Outcome Trainer::Run(const std::atomic<bool>& stop) {
  const std::int64_t every = config_.evaluation.every;
  while (step_ < config_.trainer.steps) {
    if (stop) return Outcome::kInterrupted;
    const std::int64_t before = step_;
    const auto step_start = std::chrono::steady_clock::now();
    Step();
    step_seconds_ +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - step_start).count();
    if (every > 0 && step_ / every != before / every) RunEvaluation(true);
    for (Observer* observer : observers_) observer->OnStep(step_);
  }
  return Outcome::kFinished;
}

void Trainer::Step() {
  ChooseActions();
  lanes_.Step(actions_);
  for (Index lane = 0; lane < lanes_.count(); ++lane) Store(lane);
  if (step_ >= config_.trainer.warmup_steps) {
    updates_owed_ += config_.trainer.updates_per_step * static_cast<double>(lanes_.count());
    for (; updates_owed_ >= 1; --updates_owed_) Learn();
  }
}

void Trainer::ChooseActions() {
  if (config_.trainer.normalize_observations) normalizer_.Observe(lanes_.observations());
  if (step_ < config_.trainer.warmup_steps) {
    for (Index i = 0; i < actions_.size(); ++i) {
      actions_.data()[i] = static_cast<Real>(exploration_.Uniform(-1, 1));
    }
    return;
  }
  agent_->Act(lanes_.observations(), Mode::kExplore, exploration_, act_tape_, actions_);
  if (noise_) noise_->AddTo(exploration_, actions_);
}

void Trainer::Store(Index lane) {
  ++step_;
  buffer_.Add(lane, Span(actions_.col(lane)), lanes_.reward(lane), lanes_.terminated(lane),
              Span(lanes_.NextObservation(lane)));
  if (!lanes_.ended(lane)) return;
  if (noise_) noise_->Reset(lane);
  ++episodes_;
  const EpisodeRecord record{.step = step_,
                             .total_reward = lanes_.total_reward(lane),
                             .length = lanes_.length(lane),
                             .seconds = Seconds()};
  for (Observer* observer : observers_) observer->OnEpisode(record);
  buffer_.Begin(lane, Span(lanes_.observations().col(lane)));
}

void Trainer::Learn() {
  buffer_.Draw(replay_, batch_);
  const double progress = static_cast<double>(step_) / static_cast<double>(config_.trainer.steps);
  agent_->Update(batch_, std::min(progress, 1.0), update_);
  ++updates_;
  CheckFinite();
  buffer_.UpdatePriorities(batch_);
}

void Trainer::CheckFinite() {
  for (const Metric& metric : agent_->metrics()) {
    if (std::isfinite(metric.sum)) continue;
    const std::string tensor = FirstNonFinite(*agent_);
    ThrowDivergence(step_, metric.name + " is not finite (first in " +
                               (tensor.empty() ? "the loss" : tensor) + ")");
  }
  CheckBound();
}

// |Q| ≤ max |r| / (1 − γ). A critic may be beyond it for a while, twice as far on average it is
// lost.
void Trainer::CheckBound() {
  const envs::Spec& spec = evaluation_environment_->spec();
  const double reward = std::max(std::fabs(spec.reward_low), std::fabs(spec.reward_high));
  const double bound = agent_->ValueBound(reward), size = agent_->TargetSize();
  if (!(size > 2 * bound)) return;
  ThrowDivergence(step_, "the critics' targets are of size " + Short(size) +
                             " on average, but rewards of at most " + Short(reward) +
                             " and gamma " + Short(agent_->gamma()) + " allow no |Q| above " +
                             Short(bound));
}

void Trainer::RequireFinite() const {
  const std::string tensor = FirstNonFinite(*agent_);
  if (!tensor.empty()) ThrowDivergence(step_, tensor + " is not finite");
}

void Trainer::RunEvaluation(bool scheduled) {
  EvaluationRecord record{
      .step = step_,
      .episodes = episodes_,
      .updates = updates_,
      .seconds = Seconds(),
      .scheduled = scheduled,
      .result = Evaluate(*agent_, *evaluation_environment_, config_.evaluation.episodes,
                         config_.seed, "evaluation"),
      .metrics = &agent_->metrics()};
  evaluated_step_ = step_;
  for (Observer* observer : observers_) observer->OnEvaluation(record);
  if (!scheduled) return;
  for (Metric& metric : agent_->metrics()) metric.sum = 0, metric.count = 0;
}

double Trainer::Seconds() const {
  return seconds_before_ +
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Trainer::State(const StateArchive& archive) {
  const StateArchive trainer = archive.Group("trainer", TensorFile::kReplay);
  trainer("step", step_);
  trainer("episodes", episodes_);
  trainer("updates", updates_);
  trainer("updates_owed", updates_owed_);
  trainer("evaluated_step", evaluated_step_);
  trainer("exploration", exploration_);
  trainer("replay", replay_);
  trainer("update", update_);
  lanes_.State(trainer.Group("lanes"));
  if (noise_) noise_->State(trainer);
  for (Metric& metric : agent_->metrics()) {
    const StateArchive group = trainer.Group("metrics." + metric.name);
    group("sum", metric.sum);
    group("count", metric.count);
  }
  double seconds = Seconds();
  trainer.WallClock()("seconds", seconds);
  if (archive.restoring()) {
    first_step_ = step_;
    seconds_before_ = seconds;
    start_ = std::chrono::steady_clock::now();
  }
  agent_->State(archive);
  buffer_.State(archive);
}

}  // namespace nabla::agent
