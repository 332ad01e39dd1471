#include "apps/viewer/playback/stage.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace nabla::viewer {
namespace {

constexpr double kPauseBetweenEpisodes = 0.5;  // s of simulated time
constexpr double kMessageTime = 4;             // s
constexpr double kMapPeriod = 0.25;            // s, where synchronous
constexpr double kExperiencePeriod = 0.5;      // s
constexpr int kMostSteps = 400;                // of the physics a picture
constexpr std::size_t kTrackPoints = 600;      // drawn

std::string StepTitle(const std::string& name, const Policy& policy) {
  if (policy.step() < 0) return name + " (untrained)";
  return name + " (step " + std::to_string(policy.step()) + ")";
}

}  // namespace

Stage::Stage(Source& source, const StageOptions& options)
    : source_(source),
      options_(options),
      config_(source.config()),
      axes_(*envs::Make(config_.environment)),
      shelf_(source.paths(), config_) {
  players_.push_back(std::make_unique<Player>(config_, options_.seed));
  const auto [x, y] = axes_.DefaultPair();
  map_.x = axes_.axis(x);
  map_.y = axes_.axis(y);
  if (options_.synchronous) {
    analysis_ = std::make_unique<Analysis>(config_);
  } else {
    state_analyst_ = std::make_unique<Analyst>(config_, Analyst::Subject::kState);
    policy_analyst_ = std::make_unique<Analyst>(config_, Analyst::Subject::kPolicy);
  }
  scene_.dark = options_.dark;
  scene_.panels = options_.panels;
  scene_.help = HelpLines();
  Advance(0);
}

const Scene& Stage::Advance(double seconds) {
  training_ = source_.Poll();
  UpdatePolicies();
  if (!paused_) Play(SimulatedSeconds(seconds));
  Analyse(seconds);
  message_left_ -= seconds;
  FillScene();
  return scene_;
}

void Stage::UpdatePolicies() {
  if (training_.policy) players_[0]->SetPolicy(training_.policy);
  players_[0]->SetTitle(StepTitle(options_.title, players_[0]->policy()));
  for (std::size_t i = 0; i < compared_.size(); ++i) {
    Player& player = *players_[i + 1];
    const auto policy = shelf_.Get(compared_[i]);
    if (policy) player.SetPolicy(policy);
    const bool is_step = std::isdigit(static_cast<unsigned char>(compared_[i][0])) != 0;
    player.SetTitle(policy ? StepTitle(is_step ? "kept" : compared_[i], player.policy())
                           : compared_[i] + " (reading)");
  }
}

double Stage::SimulatedSeconds(double seconds) const {
  if (speed_ > 0) return speed_ * seconds;
  const double rate = training_.steps_per_second;
  const double h = players_[0]->environment().spec().time_step;
  return std::isfinite(rate) ? rate * h * seconds : seconds;
}

void Stage::Play(double seconds) {
  const int share = kMostSteps / static_cast<int>(players_.size());
  for (const auto& player : players_) player->Advance(seconds, share);
  for (const auto& player : players_) {
    if (!player->problem().empty()) Say(player->problem());
  }
  const bool all_ended = std::all_of(players_.begin(), players_.end(),
                                     [](const auto& player) { return player->ended(); });
  if (!all_ended) {
    pause_ = kPauseBetweenEpisodes;
    return;
  }
  pause_ -= seconds;
  if (pause_ <= 0) ResetAll();
}

void Stage::ResetAll() {
  for (const auto& player : players_) player->Reset();
  pushed_.reset();
}

Question Stage::MakeQuestion() {
  const Player& player = *players_[0];
  Question question{.policy = player.copy(),
                    .experience = training_.experience,
                    .experience_source = "the newest training steps",
                    .state = player.state(),
                    .observation = player.observation(),
                    .map = map_,
                    .panels = scene_.panels};
  if (!question.experience) {
    question.experience = own_experience_;
    question.experience_source = "the steps played here";
  }
  return question;
}

void Stage::Analyse(double seconds) {
  until_experience_ -= seconds;
  if (!training_.experience && until_experience_ <= 0) {
    own_experience_ = std::make_shared<Experience>(players_[0]->experience());
    until_experience_ = kExperiencePeriod;
  }
  if (axes_.Include(players_[0]->state())) {
    map_.x = axes_.axis(map_.x.index);
    map_.y = axes_.axis(map_.y.index);
  }
  const Question question = MakeQuestion();
  if (!analysis_) {
    state_analyst_->Ask(question);
    policy_analyst_->Ask(question);
    answers_ = policy_analyst_->Take();
    const Answers at_state = state_analyst_->Take();
    answers_.action_slice = at_state.action_slice;
    answers_.network = at_state.network;
    if (answers_.problem.empty()) answers_.problem = at_state.problem;
    return;
  }
  analysis_->LookAtState(question, answers_);
  until_map_ -= seconds;
  if (until_map_ > 0 && answers_.value_map) return;
  analysis_->LookAtPolicy(question, answers_);
  until_map_ = kMapPeriod;
}

void Stage::FillScene() {
  scene_.environments.clear();
  for (const auto& player : players_) scene_.environments.push_back(player->View());
  scene_.learning_curve = training_.learning_curve;
  scene_.action_slice = answers_.action_slice;
  scene_.value_map = answers_.value_map;
  scene_.action_histogram = answers_.action_histogram;
  scene_.network = answers_.network;
  if (training_.curves != curves_ || answers_.residuals != residuals_) {
    curves_ = training_.curves;
    residuals_ = answers_.residuals;
    auto curves = std::make_shared<TrainingCurves>();
    if (curves_) *curves = *curves_;
    if (residuals_) curves->residuals = *residuals_;
    scene_.training = std::move(curves);
  }
  FillTrack();
  FillStatus();
}

void Stage::FillTrack() {
  MapTrack& track = scene_.map_track;
  track.points.clear();
  track.now = {kNone, kNone};
  if (!scene_.value_map) return;
  const int x = scene_.value_map->x.index, y = scene_.value_map->y.index;
  const auto on_map = [&](const envs::Vector& state) {
    return std::array<double, 2>{axes_.OnAxis(x, state[x]), axes_.OnAxis(y, state[y])};
  };
  const std::vector<envs::Vector>& states = players_[0]->track();
  const std::size_t every = states.size() / kTrackPoints + 1;
  for (std::size_t i = 0; i < states.size(); i += every) track.points.push_back(on_map(states[i]));
  track.now = on_map(players_[0]->Interpolated());
}

void Stage::FillStatus() {
  StatusView& status = scene_.status;
  status.run = source_.paths().root.string();
  status.algorithm = agent::AlgorithmName(config_.agent.algorithm);
  status.state = training_.state;
  status.step = training_.step;
  status.steps = training_.steps;
  status.steps_per_second = training_.steps_per_second;
  status.speed = SpeedText();
  status.paused = paused_;
  status.recording = wants_recording_;
  status.message = message_left_ > 0 ? message_ : training_.problem;
  if (status.message.empty()) status.message = answers_.problem;
}

std::string Stage::SpeedText() const {
  if (speed_ == 0) return "as fast as it learns";
  if (speed_ < 1) return speed_ < 0.5 ? "¼×" : "½×";
  return std::to_string(static_cast<int>(speed_)) + "×";
}

void Stage::Say(const std::string& message) {
  message_ = message;
  message_left_ = kMessageTime;
}

}  // namespace nabla::viewer
