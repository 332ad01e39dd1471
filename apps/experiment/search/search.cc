#include "apps/experiment/search/search.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/experiment/plan/node.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

constexpr double kFailed = -std::numeric_limits<double>::infinity();

// A run that leaves the finite numbers has diverged, which is a failure.
double FiniteOrFailed(double score) { return std::isfinite(score) ? score : kFailed; }

// The plan of the tasks alone, without configurations and grid.
Expansion ExpandBase(ExperimentFile file) {
  file.configurations.clear();
  file.grid.clear();
  return Expand(file);
}

// "agent.optimizer.schedule (linear)" for the first key by which a parameter changes with the share
// of trainer.steps that is done; empty if there is none.
std::string ScheduleOf(const config::Field& section) {
  for (const config::Field& field : section.fields) {
    if (!field.active) continue;
    if (field.key == "schedule" && field.text != "constant") {
      return field.path + " (" + field.text + ")";
    }
    const std::string inner = ScheduleOf(field);
    if (!inner.empty()) return inner;
  }
  return "";
}

std::vector<BaseFile> ReadBases(const ExperimentFile& file) {
  std::vector<BaseFile> bases;
  for (const TaskVariant& task : file.tasks) bases.push_back(ReadBaseFile(file, task, ""));
  return bases;
}

}  // namespace

std::pair<std::size_t, double> Trial::Best() const {
  std::size_t rung = 0;
  for (std::size_t r = 0; r < scores.size(); ++r) {
    if (std::isfinite(scores[r])) rung = r;
  }
  return {rung, scores.empty() ? kFailed : scores[rung]};
}

Search::Search(const ExperimentFile& file, const ExperimentPaths& paths, bool retry_failed)
    : file_(file),
      paths_(paths),
      retry_failed_(retry_failed),
      bases_(ReadBases(file)),
      base_(ExpandBase(file)),
      spec_(ReadSearch(file, base_.configs[0][0].trainer.steps)),
      halving_{.trials = static_cast<std::size_t>(spec_.config.trials),
               .rungs = spec_.rungs.size(),
               .reduction = spec_.config.halving.reduction,
               .parallel = static_cast<std::size_t>(spec_.config.parallel)} {
  std::vector<Coordinate> coordinates;
  for (const SearchParameter& parameter : spec_.parameters) {
    coordinates.push_back(parameter.coordinate());
  }
  sampler_ = MakeSampler({.method = spec_.config.method,
                          .trials = halving_.trials,
                          .seed = spec_.config.seed,
                          .population = spec_.config.population},
                         coordinates);
  CheckRanges();
  trials_.reserve(static_cast<std::size_t>(spec_.config.trials));
}

bool Search::UsesTensorBoard() const {
  const auto& configs = base_.configs[0];
  return std::any_of(configs.begin(), configs.end(),
                     [](const auto& config) { return config.logging.tensorboard; });
}

// Checks the centre of the ranges, and the points that differ from it in one coordinate, at an end
// of its range or at one of its choices.
void Search::CheckRanges() const {
  const Point middle(spec_.parameters.size(), 0.5);
  Expansion corners = base_;
  const auto check = [&](const Point& point) {
    const Trial trial = MakeTrial("search", point);
    CheckRungs(trial);
    corners.plan.configurations.push_back({"search", {}});
    corners.configs.push_back(trial.configs);
  };
  check(middle);
  for (std::size_t d = 0; d < middle.size(); ++d) {
    const int parts = std::max(spec_.parameters[d].coordinate().choices, 1);
    for (int part = 0; part <= parts; ++part) {
      Point point = middle;
      point[d] = std::min(static_cast<double>(part) / parts, kBelowOne);
      check(point);
    }
  }
  CheckComparable(corners, file_);
}

// A rung continues the training of the rung below. That is the beginning of a longer training only
// if nothing depends on the length, as a learning rate does that falls until trainer.steps.
void Search::CheckRungs(const Trial& trial) const {
  for (const agent::TaskConfig& config : trial.configs) {
    const std::string schedule = ScheduleOf(config::FieldsOf(config));
    if (spec_.rungs.front().steps < spec_.rungs.back().steps && !schedule.empty()) {
      FailAt(file_.document, file_.search->place,
             fmt::format("search.halving.steps: {} follows trainer.steps, which differs between "
                         "the rungs, so that a rung would not be the beginning of the next; set "
                         "the schedule to constant, or give all rungs the same steps",
                         schedule));
    }
    for (const Rung& rung : spec_.rungs) {
      const std::int64_t every = config.evaluation.every;
      if (&rung == &spec_.rungs.back() ||
          (every > 0 && rung.steps % every == 0 && rung.steps % config.trainer.envs == 0)) {
        continue;
      }
      FailAt(file_.document, file_.search->place,
             fmt::format("search.halving.steps: {} is not a multiple of evaluation.every ({}) and "
                         "trainer.envs ({}); a rung must end with an evaluation",
                         rung.steps, every, config.trainer.envs));
    }
  }
}

Trial Search::MakeTrial(const std::string& name, const Point& point) const {
  Trial trial{name, point, {}, {}, {}};
  for (std::size_t d = 0; d < point.size(); ++d) {
    for (Assignment& assignment : spec_.parameters[d].Assign(point[d])) {
      trial.assignments.push_back(std::move(assignment));
    }
  }
  CheckAssignments({name, trial.assignments}, file_);
  for (std::size_t t = 0; t < bases_.size(); ++t) {
    trial.configs.push_back(Compose(file_, file_.tasks[t], bases_[t], {name, trial.assignments}));
  }
  return trial;
}

void Search::ChooseJobs() {
  while (next_unit_ == units_.size()) {
    const NextJob next = ChooseJob(halving_, jobs_, scores_,
                                   [&](std::size_t trial) { return sampler_->Needs(trial); });
    finished_ = next.kind == NextJob::kNone;
    if (next.kind != NextJob::kJob) return;
    Start(next);
  }
}

NextUnit Search::Next() {
  ChooseJobs();
  if (next_unit_ == units_.size()) {
    return {running_ > 0 ? NextUnit::kLater : NextUnit::kNone};
  }
  ++running_;
  return {NextUnit::kUnit, next_unit_++};
}

std::size_t Search::UnitCount() const {
  std::size_t count = 0;
  for (const auto& values : values_) count += values.size();
  return count;
}

std::size_t Search::OpenCount() const {
  std::size_t count = 0;
  for (const auto& values : values_) {
    count += static_cast<std::size_t>(std::count_if(
        values.begin(), values.end(), [](const UnitValue& value) { return !value.value; }));
  }
  return count;
}

void Search::Start(const NextJob& next) {
  if (next.job.rung == 0) {
    std::vector<Observation> seen;
    for (std::size_t k = 0; k < next.visible; ++k) {
      seen.push_back({jobs_[k], trials_[jobs_[k].trial].point, *scores_[k]});
    }
    const std::size_t digits = std::to_string(spec_.config.trials - 1).size();
    trials_.push_back(MakeTrial(fmt::format("trial_{:0{}}", next.job.trial, digits),
                                sampler_->Suggest(next.job.trial, seen)));
  }
  const std::size_t job = jobs_.size();
  jobs_.push_back(next.job);
  values_.emplace_back();
  scores_.emplace_back();
  for (std::size_t s = 0; s < spec_.rungs[next.job.rung].seeds; ++s) {
    for (std::size_t t = 0; t < file_.tasks.size(); ++t) {
      const SearchUnit unit{job, next.job.trial, t, s, next.job.rung, Folder(next.job.trial, t, s)};
      const std::optional<double> value = ValueOf(unit);
      const bool again = !value || (*value == kFailed && retry_failed_);
      values_[job].push_back({t, s, again ? std::nullopt : value});
      if (again) units_.push_back(unit);
    }
  }
  CloseJob(job);
}

std::string Search::Folder(std::size_t trial, std::size_t task, std::size_t seed) const {
  std::string folder = trials_[trial].name + "/";
  if (!file_.tasks.front().name.empty()) folder += FolderName(file_.tasks[task].name) + "/";
  return folder + "seed_" + std::to_string(file_.seeds[seed]);
}

agent::TaskConfig Search::ConfigOf(const SearchUnit& unit) const {
  agent::TaskConfig config = trials_[unit.trial].configs[unit.task];
  config.seed = file_.seeds[unit.seed];
  config.trainer.steps = spec_.rungs[unit.rung].steps;
  return config;
}

std::optional<double> Search::ValueOf(const SearchUnit& unit) const {
  const agent::TaskConfig config = ConfigOf(unit);
  const UnitResult result = ReadUnit(paths_.root / unit.folder, config.trainer.steps);
  const auto end = std::lower_bound(result.steps.begin(), result.steps.end(), config.trainer.steps);
  if (end == result.steps.end()) {
    if (result.state == UnitState::kFailed) return kFailed;
    return std::nullopt;
  }
  const auto count = static_cast<std::size_t>(end - result.steps.begin()) + 1;
  double sum = result.returns[count - 1];
  if (spec_.config.objective == Objective::kMeanScore) {
    sum = std::accumulate(result.returns.begin(),
                          result.returns.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
          static_cast<double>(count);
  }
  return FiniteOrFailed(base_.plan.tasks[unit.task].Score(sum));
}

void Search::RecordEnd(std::size_t index) {
  const SearchUnit& unit = units_[index];
  --running_;
  for (UnitValue& value : values_[unit.job]) {
    if (value.task == unit.task && value.seed == unit.seed) value.value = ValueOf(unit);
  }
  CloseJob(unit.job);
}

// The score of a job is the mean over its tasks and seeds.
void Search::CloseJob(std::size_t job) {
  double sum = 0;
  for (const UnitValue& value : values_[job]) {
    if (!value.value) return;
    sum += *value.value;
  }
  scores_[job] = FiniteOrFailed(sum / static_cast<double>(values_[job].size()));
  std::vector<double>& scores = trials_[jobs_[job].trial].scores;
  scores.resize(std::max(scores.size(), jobs_[job].rung + 1), kFailed);
  scores[jobs_[job].rung] = *scores_[job];
}

std::vector<std::size_t> Search::Ranking() const {
  std::vector<std::size_t> ranking;
  for (std::size_t t = 0; t < trials_.size(); ++t) {
    if (!trials_[t].scores.empty()) ranking.push_back(t);
  }
  std::stable_sort(ranking.begin(), ranking.end(), [&](std::size_t a, std::size_t b) {
    return trials_[a].Best() > trials_[b].Best();
  });
  return ranking;
}

Plan Search::FinalistPlan() const {
  Plan plan = base_.plan;
  std::vector<std::size_t> finalists = Ranking();
  std::size_t rung = 0;
  if (!finalists.empty()) {
    rung = trials_[finalists.front()].Best().first;
    std::erase_if(finalists, [&](std::size_t t) { return trials_[t].Best().first < rung; });
  } else if (!trials_.empty()) {
    finalists.push_back(0);
  }
  plan.configurations.clear();
  plan.seeds.resize(spec_.rungs[rung].seeds);
  for (const std::size_t t : finalists) {
    PlannedConfiguration configuration{trials_[t].name, {}};
    for (const Assignment& a : trials_[t].assignments) configuration.set.push_back(a.text());
    plan.configurations.push_back(std::move(configuration));
  }
  plan.units.clear();
  AddUnits(plan, !file_.tasks.front().name.empty());
  return plan;
}

nlohmann::json Search::Definition() const {
  const SearchConfig& config = spec_.config;
  nlohmann::json json = {
      {"method", WordOf(config.method)},      {"trials", config.trials},
      {"parallel", config.parallel},          {"seed", config.seed},
      {"population", config.population},      {"objective", WordOf(config.objective)},
      {"reduction", config.halving.reduction}};
  for (const Rung& rung : spec_.rungs) {
    json["rungs"].push_back({{"steps", rung.steps}, {"seeds", rung.seeds}});
  }
  for (const SearchParameter& parameter : spec_.parameters) {
    json["parameters"].push_back(
        {{"name", parameter.name}, {"keys", parameter.keys}, {"range", parameter.Range()}});
  }
  json["seeds"] = file_.seeds;
  for (std::size_t t = 0; t < base_.configs[0].size(); ++t) {
    agent::TaskConfig task = base_.configs[0][t];
    task.logging = {};  // results do not depend on it
    task.seed = 0;
    json["tasks"].push_back({{"task", config::Write(task)}, {"score", base_.plan.tasks[t].score}});
  }
  return json;
}

}  // namespace nabla::experiment
