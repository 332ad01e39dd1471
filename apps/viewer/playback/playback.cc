#include "apps/viewer/playback/playback.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace nabla::viewer {
namespace {

constexpr double kPauseBetweenEpisodes = 0.5;  // s of simulated time
constexpr double kMessageTime = 4;             // s
constexpr double kMapPeriod = 0.25;            // s, if synchronous
constexpr double kTransitionsPeriod = 0.5;     // s
constexpr int kMaxSteps = 400;                 // of the physics per picture
constexpr std::size_t kTrackPoints = 600;      // drawn at most

std::string StepTitle(const std::string& name, const PolicyReplica& policy) {
  if (policy.step() < 0) return name + " (untrained)";
  return name + " (step " + std::to_string(policy.step()) + ")";
}

}  // namespace

Playback::Playback(TrainingSource& source, const PlaybackOptions& options)
    : source_(source),
      options_(options),
      config_(source.config()),
      axes_(*envs::Make(config_.environment), options_.stop),
      checkpoints_(source.paths(), config_) {
  players_.push_back(std::make_unique<Player>(config_, options_.seed));
  const auto [x, y] = axes_.DefaultPair();
  map_.x = axes_.axis(x);
  map_.y = axes_.axis(y);
  if (options_.synchronous) {
    analysis_ = std::make_unique<PanelAnalysis>(config_);
  } else {
    state_analysis_ = std::make_unique<AnalysisThread>(config_, AnalysisThread::Subject::kState);
    policy_analysis_ = std::make_unique<AnalysisThread>(config_, AnalysisThread::Subject::kPolicy);
  }
  scene_.dark = options_.dark;
  scene_.panels = options_.panels;
  scene_.help = HelpLines();
  Advance(0);
}

const Scene& Playback::Advance(double seconds) {
  training_ = source_.Poll();
  UpdatePolicies();
  if (!paused_) Play(SimulatedSeconds(seconds));
  Analyse(seconds);
  message_left_ -= seconds;
  FillScene();
  return scene_;
}

void Playback::UpdatePolicies() {
  if (training_.policy) players_[0]->SetPolicy(training_.policy);
  players_[0]->SetTitle(StepTitle(options_.title, players_[0]->policy()));
  for (std::size_t i = 0; i < compared_.size(); ++i) {
    Player& player = *players_[i + 1];
    const auto policy = checkpoints_.Get(compared_[i]);
    if (policy) player.SetPolicy(policy);
    const bool is_step = std::isdigit(static_cast<unsigned char>(compared_[i][0])) != 0;
    player.SetTitle(policy ? StepTitle(is_step ? "kept" : compared_[i], player.policy())
                           : compared_[i] + " (reading)");
  }
}

double Playback::SimulatedSeconds(double seconds) const {
  if (speed_ > 0) return speed_ * seconds;
  const double rate = training_.steps_per_second;
  const double h = players_[0]->environment().spec().time_step;
  return std::isfinite(rate) ? rate * h * seconds : seconds;
}

void Playback::Play(double seconds) {
  const int share = kMaxSteps / static_cast<int>(players_.size());
  ForEach([&](Player& player) {
    player.Advance(seconds, share, options_.stop);
    if (!player.problem().empty()) ShowMessage(player.problem());
  });
  const bool all_ended = std::all_of(players_.begin(), players_.end(),
                                     [](const auto& player) { return player->ended(); });
  if (!all_ended) {
    pause_ = kPauseBetweenEpisodes;
    return;
  }
  pause_ -= seconds;
  if (pause_ <= 0) ResetAll();
}

void Playback::ResetAll() {
  ForEach(&Player::Reset);
  dragged_.reset();
}

AnalysisRequest Playback::MakeAnalysisRequest() {
  const Player& player = *players_[0];
  AnalysisRequest request{.policy = player.policy().saved(),
                          .transitions = training_.transitions,
                          .transitions_source = "the latest training steps",
                          .state = player.state(),
                          .observation = player.observation(),
                          .map = map_,
                          .panels = scene_.panels};
  if (!request.transitions) {
    request.transitions = own_transitions_;
    request.transitions_source = "the steps played here";
  }
  return request;
}

void Playback::Analyse(double seconds) {
  until_transitions_ -= seconds;
  if (!training_.transitions && until_transitions_ <= 0) {
    own_transitions_ = std::make_shared<RecentTransitions>(players_[0]->transitions());
    until_transitions_ = kTransitionsPeriod;
  }
  if (axes_.Include(players_[0]->state())) {
    map_.x = axes_.axis(map_.x.index);
    map_.y = axes_.axis(map_.y.index);
  }
  const AnalysisRequest request = MakeAnalysisRequest();
  if (!analysis_) {
    state_analysis_->Request(request);
    policy_analysis_->Request(request);
    result_ = policy_analysis_->Latest();
    const AnalysisResult state_result = state_analysis_->Latest();
    result_.action_slice = state_result.action_slice;
    result_.network = state_result.network;
    if (result_.problem.empty()) result_.problem = state_result.problem;
    return;
  }
  analysis_->AnalyseState(request, result_);
  until_map_ -= seconds;
  if (until_map_ > 0 && result_.value_map) return;
  analysis_->AnalysePolicy(request, options_.stop, result_);
  until_map_ = kMapPeriod;
}

void Playback::FillScene() {
  scene_.environments.clear();
  for (const auto& player : players_) scene_.environments.push_back(player->View());
  scene_.learning_curve = training_.learning_curve;
  scene_.action_slice = result_.action_slice;
  scene_.value_map = result_.value_map;
  scene_.action_histogram = result_.action_histogram;
  scene_.network = result_.network;
  if (training_.curves != curves_ || result_.residuals != residuals_) {
    curves_ = training_.curves;
    residuals_ = result_.residuals;
    auto curves = std::make_shared<TrainingCurves>();
    if (curves_) *curves = *curves_;
    if (residuals_) curves->residuals = *residuals_;
    scene_.training = std::move(curves);
  }
  FillTrack();
  FillStatus();
}

void Playback::FillTrack() {
  MapTrack& track = scene_.map_track;
  track.points.clear();
  track.now = {kNone, kNone};
  if (!scene_.value_map) return;
  const int x = scene_.value_map->x.index, y = scene_.value_map->y.index;
  const auto map_point = [&](const envs::Vector& state) {
    return std::array<double, 2>{axes_.OnAxis(x, state[x]), axes_.OnAxis(y, state[y])};
  };
  const std::vector<envs::Vector>& states = players_[0]->track();
  const std::size_t every = states.size() / kTrackPoints + 1;
  for (std::size_t i = 0; i < states.size(); i += every)
    track.points.push_back(map_point(states[i]));
  track.now = map_point(players_[0]->Interpolated());
}

void Playback::FillStatus() {
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
  if (status.message.empty()) status.message = result_.problem;
}

std::string Playback::SpeedText() const {
  if (speed_ == 0) return "of the training";
  if (speed_ < 1) return speed_ < 0.5 ? "¼×" : "½×";
  return std::to_string(static_cast<int>(speed_)) + "×";
}

void Playback::ShowMessage(const std::string& message) {
  message_ = message;
  message_left_ = kMessageTime;
}

}  // namespace nabla::viewer
