#include "envs/registry/derivative_laws.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace nabla::envs {
namespace {

const Differentiable& DerivativesOf(const Environment& environment) {
  return RequireDerivatives(environment, "the check of derivatives");
}

constexpr int kSamples = 60;
constexpr double kTolerance = 1e-6;  // of a derivative, relative
constexpr double kRoundOff = 1e-10;  // of a derivative, per unit of the function's value
constexpr double kMostKinks = 0.2;   // greatest share of samples on a kink

// States along random episodes, a few steps apart, each with a random action. Where an episode ends
// at its first step, its start.
std::vector<StateAction> Samples(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  const Spec& spec = copy->spec();
  Rng rng(seed, "check reset"), actions(seed, "check actions");
  Vector observation(spec.observation_size);
  std::vector<StateAction> samples;
  bool ended = true;
  for (int step = 0; static_cast<int>(samples.size()) < kSamples; ++step) {
    Vector start;
    if (ended || step % 100 == 0) {
      copy->Reset(rng, observation);
      start = copy->State();
    }
    const Vector action = RandomAction(spec, actions);
    const StepResult result = copy->Step(action, observation);
    ended = result.terminated || result.truncated;
    if (ended && start.size() > 0) {
      samples.push_back({start, RandomAction(spec, actions)});
    } else if (step % 7 == 0 && !ended) {
      samples.push_back({copy->State(), RandomAction(spec, actions)});
    }
  }
  return samples;
}

// All outputs of a step as one function of input = (s, a) with m actions: (s', r, o).
Vector Outputs(const Differentiable& step, const Vector& input, Eigen::Index m,
               StepDerivatives& out) {
  step.Derivatives(input.head(input.size() - m), input.tail(m), out);
  Vector all(out.next_state.size() + 1 + out.observation.size());
  all << out.next_state, out.reward, out.observation;
  return all;
}

// The derivatives of Outputs, [outputs, n + m].
Matrix Jacobian(const StepDerivatives& d) {
  const Eigen::Index n = d.dnext_dstate.rows(), m = d.dnext_daction.cols();
  const Eigen::Index p = d.dobservation_dstate.rows();
  Matrix jacobian = Matrix::Zero(n + 1 + p, n + m);
  jacobian.topLeftCorner(n, n) = d.dnext_dstate;
  jacobian.topRightCorner(n, m) = d.dnext_daction;
  jacobian.row(n).head(n) = d.dreward_dstate.transpose();
  jacobian.row(n).tail(m) = d.dreward_daction.transpose();
  jacobian.bottomLeftCorner(p, n) = d.dobservation_dstate;
  return jacobian;
}

Vector Joined(const StateAction& sample) {
  Vector input(sample.state.size() + sample.action.size());
  input << sample.state, sample.action;
  return input;
}

// A derivative from differences around x, and whether a kink lies within the step.
struct Difference {
  double value = 0;
  bool kink = false;
};

// Central differences with two step sizes, extrapolated (Richardson). For a smooth function both
// step sizes and both sides agree.
Difference Extrapolate(double minus, double half_minus, double here, double half_plus, double plus,
                       double h) {
  const double wide = (plus - minus) / (2 * h);
  const double narrow = (half_plus - half_minus) / h;
  const double right = (half_plus - here) / (h / 2), left = (here - half_minus) / (h / 2);
  const double scale = 1e-3 + std::abs(narrow) + std::abs(wide);
  const bool kink =
      std::abs(wide - narrow) > 1e-4 * scale || std::abs(right - left) > 0.05 * (scale + 0.1);
  return {(4 * narrow - wide) / 3, kink};
}

std::string Place(const StateAction& sample, Eigen::Index output, Eigen::Index input) {
  std::ostringstream text;
  text << "output " << output << " by input " << input << " at state " << sample.state.transpose()
       << ", action " << sample.action.transpose();
  return text.str();
}

void ExpectFewKinks(int kinks, int entries) {
  if (kinks > kMostKinks * entries) {
    throw std::runtime_error(std::to_string(kinks) + " of " + std::to_string(entries) +
                             " derivatives are at a kink or jump");
  }
}

}  // namespace

std::string CheckDerivativeValues(const Environment& environment, std::uint64_t seed) {
  const auto copy = environment.Clone();
  StepDerivatives d;
  Vector observation(copy->spec().observation_size);
  Rng rng(seed, "check reset");
  copy->Reset(rng, observation);
  const std::vector<std::uint64_t> memory = copy->Memory();
  double largest = 0;
  for (const StateAction& sample : Samples(environment, seed)) {
    copy->SetState(sample.state);
    copy->SetMemory(memory);
    DerivativesOf(*copy).Derivatives(sample.state, sample.action, d);
    copy->Observe(observation);
    if (observation != d.observation) throw std::runtime_error("the observation differs");
    const StepResult result = copy->Step(sample.action, observation);
    const Vector next = copy->State();
    for (Eigen::Index i = 0; i < next.size(); ++i) {
      const double difference = std::abs(next[i] - d.next_state[i]) / (1 + std::abs(next[i]));
      largest = std::max(largest, difference);
    }
    largest = std::max(largest, std::abs(result.reward - d.reward) / (1 + std::abs(d.reward)));
  }
  std::ostringstream text;
  text << "largest relative difference " << largest;
  // 2^-24 allows for a state that is stored as float.
  if (!(largest <= 0x1p-24)) throw std::runtime_error(text.str());
  return text.str();
}

std::string CheckDerivatives(const Environment& environment, std::uint64_t seed) {
  return CheckDerivativesAt(environment, Samples(environment, seed));
}

std::string CheckDerivativesAt(const Environment& environment,
                               const std::vector<StateAction>& samples) {
  const Differentiable& step = DerivativesOf(environment);
  const Eigen::Index m = environment.spec().action_size;
  StepDerivatives d;
  double worst = 0;
  int kinks = 0, entries = 0;
  for (const StateAction& sample : samples) {
    const Vector input = Joined(sample);
    const Vector here = Outputs(step, input, m, d);
    const Matrix exact = Jacobian(d);
    for (Eigen::Index j = 0; j < input.size(); ++j) {
      const double h = 1e-4 * std::max(1.0, std::abs(input[j]));
      const auto at = [&](double change) {
        Vector moved = input;
        moved[j] += change;
        return Outputs(step, moved, m, d);
      };
      const Vector minus = at(-h), half_minus = at(-h / 2), half_plus = at(h / 2), plus = at(h);
      for (Eigen::Index i = 0; i < here.size(); ++i) {
        const Difference difference =
            Extrapolate(minus[i], half_minus[i], here[i], half_plus[i], plus[i], h);
        ++entries;
        if (difference.kink) {
          ++kinks;
          continue;
        }
        const double error = std::abs(difference.value - exact(i, j));
        const double allowed =
            kTolerance * std::abs(exact(i, j)) + kRoundOff * (1 + std::abs(here[i]));
        worst = std::max(worst, error / allowed);
        if (!(error <= allowed)) {
          std::ostringstream text;
          text.precision(12);
          text << Place(sample, i, j) << ": " << exact(i, j) << ", from differences "
               << difference.value;
          throw std::runtime_error(text.str());
        }
      }
    }
  }
  ExpectFewKinks(kinks, entries);
  std::ostringstream text;
  text.precision(2);
  text << entries << " derivatives, error at most " << worst << " of the allowed 1e-6, " << kinks
       << " at kinks";
  return text.str();
}

std::string CheckContinuity(const Environment& environment, std::uint64_t seed) {
  constexpr double kNudge = 1e-7;
  const Differentiable& step = DerivativesOf(environment);
  StepDerivatives here, beside;
  Rng rng(seed, "check nudge");
  int jumps = 0, entries = 0;
  for (const StateAction& sample : Samples(environment, seed)) {
    Vector state = sample.state;
    for (double& x : state) x += kNudge * std::max(1.0, std::abs(x)) * rng.Uniform(-1, 1);
    step.Derivatives(sample.state, sample.action, here);
    step.Derivatives(state, sample.action, beside);
    const Matrix a = Jacobian(here), b = Jacobian(beside);
    const double scale = 1 + a.norm();
    entries += 1;
    jumps += !((a - b).norm() <= 1e-3 * scale);
  }
  ExpectFewKinks(jumps, entries);
  return std::to_string(jumps) + " jumps in " + std::to_string(entries) + " states";
}

}  // namespace nabla::envs
