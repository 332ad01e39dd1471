#include "apps/viewer/playback/analyst.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "apps/viewer/playback/curves.h"
#include "apps/viewer/playback/policy_values.h"
#include "apps/viewer/playback/priority.h"

namespace nabla::viewer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kLeastRest[] = {0.02, 0.2};  // s, of each subject: nobody sees more

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Analysis::Analysis(const agent::TaskConfig& config)
    : environment_(envs::Make(config.environment)), policy_(config), noise_(0, "viewer.analysis") {}

bool Analysis::Load(const Question& question) {
  if (!question.policy) return false;
  if (question.policy != loaded_) policy_.Load(*question.policy);
  loaded_ = question.policy;
  return true;
}

void Analysis::LookAtState(const Question& question, Answers& answers) {
  if (!Load(question)) return;
  if (Shows(question.panels, Panel::kActionSlice)) {
    answers.action_slice = std::make_shared<ActionSlice>(
        SliceAction(policy_, question.observation, environment_->spec(),
                    ExplorationDeviation(policy_, question.observation, noise_)));
  }
  if (Shows(question.panels, Panel::kNetwork)) {
    answers.network = std::make_shared<NetworkView>(ViewNetworks(policy_, question.observation));
  }
}

void Analysis::LookAtPolicy(const Question& question, Answers& answers) {
  if (!Load(question)) return;
  if (Shows(question.panels, Panel::kValueMap)) {
    answers.value_map = std::make_shared<ValueMap>(
        ComputeValueMap(policy_, *environment_, question.state, question.map));
  }
  if (!question.experience || question.experience->count == 0) return;
  if (Shows(question.panels, Panel::kActionHistogram)) {
    answers.action_histogram = std::make_shared<ActionHistogram>(CountActions(
        *question.experience, environment_->spec().action_size, question.experience_source));
  }
  if (!Shows(question.panels, Panel::kTraining)) return;
  if (!residuals_.empty() && residuals_.back().step >= static_cast<double>(policy_.step())) return;
  residuals_.push_back(ResidualQuantiles(policy_, *question.experience, policy_.agent().gamma()));
  Thin(residuals_);
  answers.residuals = std::make_shared<std::vector<TrainingCurves::Residual>>(residuals_);
}

Analyst::Analyst(const agent::TaskConfig& config, Subject subject)
    : analysis_(config), subject_(subject), thread_([this] { Run(); }) {}

Analyst::~Analyst() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Analyst::Ask(const Question& question) {
  {
    const std::lock_guard lock(mutex_);
    question_ = question;
  }
  changed_.notify_one();
}

Answers Analyst::Take() {
  const std::lock_guard lock(mutex_);
  return answers_;
}

bool Analyst::Rest(double seconds) {
  const double least = kLeastRest[static_cast<std::size_t>(subject_)];
  const std::chrono::duration<double> rest(std::clamp(seconds * (1 / kShare - 1), least, 5.0));
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, rest, [this] { return ends_; });
}

void Analyst::Run() {
  LowerPriority(kAnalystNice);
  Answers answers;
  while (true) {
    Question question;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ends_ || question_; });
      if (ends_) return;
      question = std::move(*question_);
      question_.reset();
    }
    const Clock::time_point start = Clock::now();
    try {
      if (subject_ == Subject::kState) {
        analysis_.LookAtState(question, answers);
      } else {
        analysis_.LookAtPolicy(question, answers);
      }
      answers.problem.clear();
    } catch (const std::exception& error) {  // networks that have left the finite numbers
      answers.problem = error.what();
    }
    {
      const std::lock_guard lock(mutex_);
      answers_ = answers;
    }
    if (!Rest(SecondsSince(start))) return;
  }
}

}  // namespace nabla::viewer
