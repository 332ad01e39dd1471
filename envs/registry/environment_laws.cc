#include "envs/registry/environment_laws.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "envs/drawing/canvas.h"
#include "envs/registry/derivative_laws.h"

namespace nabla::envs {
namespace {

constexpr int kEpisodes = 5;
constexpr int kSteps = 200;  // at most, in an episode

// Thrown by a law that does not hold.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void Expect(bool holds, const std::string& message) {
  if (!holds) throw Broken(message);
}

std::string At(int episode, int step) {
  return "episode " + std::to_string(episode) + ", step " + std::to_string(step);
}

// All numbers of an episode: observations, rewards, and 1 for terminated or 2 for truncated.
std::vector<double> Rollout(Environment& environment, Rng& actions, int steps) {
  std::vector<double> trace;
  Vector observation(environment.spec().observation_size);
  for (int step = 0; step < steps; ++step) {
    const StepResult result =
        environment.Step(RandomAction(environment.spec(), actions), observation);
    trace.insert(trace.end(), observation.begin(), observation.end());
    trace.push_back(result.reward);
    trace.push_back(result.terminated ? 1 : result.truncated ? 2 : 0);
    if (result.terminated || result.truncated) break;
  }
  return trace;
}

std::vector<double> Episode(Environment& environment, std::uint64_t seed) {
  Rng rng(seed, "check reset"), actions(seed, "check actions");
  Vector observation(environment.spec().observation_size);
  environment.Reset(rng, observation);
  std::vector<double> trace(observation.begin(), observation.end());
  const std::vector<double> rest = Rollout(environment, actions, kSteps);
  trace.insert(trace.end(), rest.begin(), rest.end());
  return trace;
}

std::string SpecIsValid(const Environment& environment, std::uint64_t) {
  const Spec& spec = environment.spec();
  Expect(!spec.name.empty(), "the name is empty");
  Expect(spec.state_size > 0 && spec.observation_size > 0 && spec.action_size > 0,
         "a size is not positive");
  Expect(spec.action_low.size() == spec.action_size && spec.action_high.size() == spec.action_size,
         "the action bounds do not have action_size numbers");
  Expect(spec.action_low.allFinite() && spec.action_high.allFinite() &&
             (spec.action_low.array() < spec.action_high.array()).all(),
         "the action bounds are not finite, or low < high does not hold");
  Expect(spec.time_step > 0 && spec.step_limit > 0, "time_step or step_limit is not positive");
  Expect(spec.reward_low <= spec.reward_high, "reward_low is above reward_high");
  Expect(environment.State().size() == spec.state_size,
         "the state does not have state_size numbers");
  Expect(!environment.Description().empty(), "the description is empty");
  return std::to_string(spec.state_size) + " states, " + std::to_string(spec.observation_size) +
         " observations, " + std::to_string(spec.action_size) + " actions";
}

std::string Finite(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  const Spec& spec = copy->spec();
  Rng rng(seed, "check reset"), actions(seed, "check actions");
  Vector observation(spec.observation_size);
  double lowest = spec.reward_high, highest = spec.reward_low;
  for (int episode = 0; episode < kEpisodes; ++episode) {
    copy->Reset(rng, observation);
    for (int step = 0; step < kSteps; ++step) {
      const StepResult result = copy->Step(RandomAction(spec, actions), observation);
      Expect(observation.allFinite(), At(episode, step) + ": the observation is not finite");
      Expect(std::isfinite(result.reward), At(episode, step) + ": the reward is not finite");
      Expect(result.reward >= spec.reward_low - 1e-9 && result.reward <= spec.reward_high + 1e-9,
             At(episode, step) + ": reward " + std::to_string(result.reward) +
                 " is outside the spec's range");
      lowest = std::min(lowest, result.reward);
      highest = std::max(highest, result.reward);
      if (result.terminated || result.truncated) break;
    }
  }
  return "rewards " + std::to_string(lowest) + " to " + std::to_string(highest);
}

std::string SameSeed(const Environment& environment, std::uint64_t seed) {
  const auto first = environment.Clone(), second = environment.Clone();
  const std::vector<double> trace = Episode(*first, seed);
  Expect(trace == Episode(*second, seed), "two episodes from one seed differ");
  return std::to_string(trace.size()) + " numbers equal";
}

// `restore` copies state and memory from its first argument to its second.
template <class Restore>
void ExpectRestored(const Environment& environment, std::uint64_t seed, const std::string& order,
                    const Restore& restore) {
  const auto original = environment.Clone(), other = environment.Clone();
  Episode(*other, seed + 1);
  Rng rng(seed, "check reset"), actions(seed, "check actions");
  Vector observation(environment.spec().observation_size);
  Vector restored(environment.spec().observation_size);
  original->Reset(rng, observation);
  Rollout(*original, actions, 5);
  original->Observe(observation);
  restore(*original, *other);
  other->Observe(restored);
  Expect(other->State() == original->State(), order + ": the state differs from the one set");
  Expect(other->Memory() == original->Memory(), order + ": the memory differs from the one set");
  Expect(restored == observation, order + ": the observation differs after the restore");
  Rng same_actions = actions;
  Expect(Rollout(*original, actions, kSteps) == Rollout(*other, same_actions, kSteps),
         order + ": the rest of the episode differs after the restore");
}

std::string RoundTrip(const Environment& environment, std::uint64_t seed) {
  ExpectRestored(environment, seed, "state, then memory",
                 [](const Environment& from, Environment& to) {
                   to.SetState(from.State());
                   to.SetMemory(from.Memory());
                 });
  ExpectRestored(environment, seed, "memory, then state",
                 [](const Environment& from, Environment& to) {
                   to.SetMemory(from.Memory());
                   to.SetState(from.State());
                 });
  return std::to_string(environment.State().size()) + " states and " +
         std::to_string(environment.Memory().size()) + " words of memory";
}

std::string FreshReset(const Environment& environment, std::uint64_t seed) {
  const auto fresh = environment.Clone(), used = environment.Clone();
  for (std::uint64_t other = 1; other <= 3; ++other) Episode(*used, seed + other);
  Expect(Episode(*fresh, seed) == Episode(*used, seed), "an episode depends on earlier episodes");
  return "after three other episodes";
}

std::string CloneIsIndependent(const Environment& environment, std::uint64_t seed) {
  const auto original = environment.Clone();
  Episode(*original, seed);
  const Vector state = original->State();
  const auto memory = original->Memory();
  const auto clone = original->Clone();
  Expect(clone->State() == state && clone->Memory() == memory,
         "the clone has another state or memory");
  Episode(*clone, seed + 1);
  Expect(original->State() == state && original->Memory() == memory,
         "stepping the clone changes the original");
  return "stepped separately";
}

template <class Call>
void ExpectRefused(const Environment& environment, const std::string& what, const Call& call) {
  const Vector state = environment.State();
  bool refused = false;
  try {
    call();
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  Expect(refused, what + " is not refused");
  Expect(environment.State() == state, what + " changes the state");
}

std::string BadInput(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  Episode(*copy, seed);
  const Spec& spec = copy->spec();
  Vector observation(spec.observation_size);
  const double nan = std::nan("");
  const Vector short_action = Vector::Zero(spec.action_size - 1);
  const Vector long_action = Vector::Zero(spec.action_size + 1);
  ExpectRefused(*copy, "a short action", [&] { copy->Step(short_action, observation); });
  ExpectRefused(*copy, "a long action", [&] { copy->Step(long_action, observation); });
  for (const double bad : {nan, HUGE_VAL, -HUGE_VAL}) {
    Vector action = Vector::Zero(spec.action_size), state = copy->State();
    action[spec.action_size - 1] = bad;
    state[state.size() - 1] = bad;
    ExpectRefused(*copy, "an action that is not finite", [&] { copy->Step(action, observation); });
    ExpectRefused(*copy, "a state that is not finite", [&] { copy->SetState(state); });
  }
  const Vector long_state = Vector::Zero(copy->State().size() + 1);
  ExpectRefused(*copy, "a long state", [&] { copy->SetState(long_state); });
  std::vector<std::uint64_t> long_memory = copy->Memory();
  long_memory.push_back(0);
  ExpectRefused(*copy, "a long memory", [&] { copy->SetMemory(long_memory); });
  Vector long_observation(spec.observation_size + 1);
  ExpectRefused(*copy, "a long observation", [&] { copy->Observe(long_observation); });
  return "sizes, NaN and infinities";
}

std::string ParameterRanges(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  Episode(*copy, seed);
  const Vector state = copy->State();
  const std::vector<Parameter> parameters = copy->Parameters();
  ExpectRefused(*copy, "an unknown parameter", [&] { copy->SetParameters({{"no such", {1}}}); });
  for (const Parameter& parameter : parameters) {
    Expect(!parameter.value.empty() && parameter.low < parameter.high,
           parameter.name + " has no value or an empty range");
    for (const double value : parameter.value) {
      Expect(value >= parameter.low && value <= parameter.high,
             parameter.name + " is outside its own range");
    }
    for (const double bad : {std::nan(""), 2 * parameter.high + 1, parameter.low - 1}) {
      std::vector<double> values = parameter.value;
      values.front() = bad;
      ExpectRefused(*copy, parameter.name + " out of range", [&] {
        copy->SetParameters({{parameter.name, values}});
      });
    }
    if (parameter.value.size() == 1) {
      const double value = parameter.value[0];
      copy->SetParameters({{parameter.name, {value + 0.01 * (parameter.high - value)}}});
    }
    copy->SetParameters({{parameter.name, parameter.value}});
    Expect(copy->State() == state, "setting " + parameter.name + " changes the state");
  }
  return std::to_string(parameters.size()) + " parameters";
}

// Checks the shapes that are drawn instead of drawing them.
class CheckingCanvas : public Canvas {
 public:
  void View(Point low, Point high) override {
    viewed_ = true;
    Look({low, high});
    Expect(low.x < high.x && low.y < high.y, "the view is empty");
  }
  void Line(Point from, Point to, double width, Paint) override { Look({from, to, {width, 0}}); }
  void Circle(Point centre, double radius, Paint) override { Look({centre, {radius, 0}}); }
  void Ring(Point centre, double radius, double width, Paint) override {
    Look({centre, {radius, width}});
  }
  void Polygon(std::span<const Point> corners, Paint) override {
    Look({corners.begin(), corners.end()});
  }
  void Text(Point centre, double height, std::string_view, Paint) override {
    Look({centre, {height, 0}});
  }
  int shapes() const { return shapes_; }

 private:
  void Look(const std::vector<Point>& points) {
    Expect(viewed_, "a shape is drawn before the view is set");
    for (const Point& p : points) {
      Expect(std::isfinite(p.x) && std::isfinite(p.y), "a drawn coordinate is not finite");
    }
    ++shapes_;
  }

  bool viewed_ = false;
  int shapes_ = 0;
};

std::string Picture(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  Rng actions(seed, "check actions");
  Episode(*copy, seed);
  CheckingCanvas without, with;
  copy->Draw(without, Vector());
  copy->Draw(with, RandomAction(copy->spec(), actions));
  Expect(without.shapes() > 1, "nothing is drawn");
  return std::to_string(with.shapes()) + " shapes drawn";
}

}  // namespace

Vector RandomAction(const Spec& spec, Rng& rng) {
  Vector action(spec.action_size);
  for (int i = 0; i < spec.action_size; ++i) {
    action[i] = rng.Uniform(spec.action_low[i], spec.action_high[i]);
  }
  return action;
}

std::vector<LawResult> CheckEnvironment(const Environment& environment, std::uint64_t seed) {
  struct Law {
    const char* name;
    std::string (*check)(const Environment&, std::uint64_t);
  };
  std::vector<Law> laws = {
      {"spec: sizes, bounds and times are valid", SpecIsValid},
      {"finite: observations and rewards are finite, rewards in range", Finite},
      {"same seed: the same trace, bit for bit", SameSeed},
      {"round trip: state and memory restore an episode, bit for bit", RoundTrip},
      {"fresh reset: a reset does not depend on earlier episodes", FreshReset},
      {"clone: a clone is independent of the original", CloneIsIndependent},
      {"bad input: refused, the state unchanged", BadInput},
      {"parameters: bad values and names refused, good ones keep the state", ParameterRanges},
      {"picture: Draw draws finite shapes", Picture},
  };
  if (environment.differentiable() != nullptr) {
    laws.push_back({"value: Derivatives gives the values of Step", CheckDerivativeValues});
    laws.push_back({"derivatives: equal to central differences", CheckDerivatives});
    laws.push_back({"continuity: the derivatives are continuous in the state", CheckContinuity});
  }
  std::vector<LawResult> results;
  for (const Law& law : laws) {
    LawResult& result = results.emplace_back(LawResult{law.name, false, ""});
    try {
      result.detail = law.check(environment, seed);
      result.holds = true;
    } catch (const std::exception& error) {
      result.detail = error.what();
    }
  }
  return results;
}

}  // namespace nabla::envs
