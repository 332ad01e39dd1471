// Wrappers of observations and parameters.
#include <algorithm>
#include <bit>

#include "envs/core/unknown_name.h"
#include "envs/wrappers/wrappers.h"

namespace nabla::envs {

ParameterRandomizer::ParameterRandomizer(std::unique_ptr<Environment> inner,
                                         std::vector<ParameterRange> ranges)
    : CloneableWrapper(std::move(inner)), ranges_(std::move(ranges)) {
  const std::vector<Parameter> parameters = inner_->Parameters();
  std::vector<std::string> known;
  for (const Parameter& p : parameters) known.push_back(p.name);
  for (const ParameterRange& range : ranges_) {
    const auto found = std::find(known.begin(), known.end(), range.name);
    if (found == known.end()) throw UnknownNameError("parameter", range.name, known, spec_.name);
    const Parameter& p = parameters[static_cast<std::size_t>(found - known.begin())];
    if (p.value.size() != 1)
      Refuse("parameter " + p.name + " is a matrix; only single numbers can be drawn");
    const bool uniform = range.kind == ParameterRange::Kind::kUniform;
    const bool sound = uniform ? range.a >= p.low && range.a <= range.b && range.b <= p.high
                               : range.a >= p.low && range.a <= p.high && range.b >= 0 &&
                                     range.b <= p.high - p.low;
    if (!sound) {
      Refuse("randomize " + p.name + ": " +
             (uniform ? "needs low <= high" : "needs a mean and a standard deviation") +
             " within [" + std::to_string(p.low) + ", " + std::to_string(p.high) + "] " + p.unit);
    }
    drawn_.push_back(p);
  }
}

void ParameterRandomizer::Reset(Rng& rng, VectorRef observation) {
  ParameterValues values;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const ParameterRange& range = ranges_[i];
    double& value = drawn_[i].value[0];
    if (range.kind == ParameterRange::Kind::kUniform) {
      value = rng.Uniform(range.a, range.b);
    } else {
      do {
        value = range.a + range.b * rng.Normal();
      } while (!(value >= drawn_[i].low && value <= drawn_[i].high));
    }
    values[range.name] = {value};
  }
  inner_->SetParameters(values);
  inner_->Reset(rng, observation);
}

std::vector<std::uint64_t> ParameterRandomizer::OwnMemory() const {
  std::vector<std::uint64_t> words;
  for (const Parameter& p : drawn_) words.push_back(std::bit_cast<std::uint64_t>(p.value[0]));
  return words;
}

void ParameterRandomizer::SetOwnMemory(std::span<const std::uint64_t> words) {
  ParameterValues values;
  for (std::size_t i = 0; i < words.size(); ++i) {
    values[drawn_[i].name] = {std::bit_cast<double>(words[i])};
  }
  inner_->SetParameters(values);
  for (Parameter& p : drawn_) p.value = values[p.name];
}

ObservationMask::ObservationMask(std::unique_ptr<Environment> inner, const std::vector<int>& mask)
    : CloneableWrapper(std::move(inner)), whole_(spec_.observation_size) {
  if (static_cast<int>(mask.size()) != spec_.observation_size) {
    Refuse("observation_mask must have " + std::to_string(spec_.observation_size) +
           " numbers, not " + std::to_string(mask.size()));
  }
  for (int i = 0; i < spec_.observation_size; ++i) {
    const int bit = mask[static_cast<std::size_t>(i)];
    if (bit != 0 && bit != 1) Refuse("observation_mask must be 0 or 1 for each observation");
    if (bit == 1) kept_.push_back(i);
  }
  if (kept_.empty()) Refuse("observation_mask hides every observation");
  spec_.observation_size = static_cast<int>(kept_.size());
}

void ObservationMask::Keep(VectorRef observation) const {
  CheckSize("observation", observation.size(), spec_.observation_size);
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    observation[static_cast<Eigen::Index>(i)] = whole_[kept_[i]];
  }
}

void ObservationMask::Reset(Rng& rng, VectorRef observation) {
  inner_->Reset(rng, whole_);
  Keep(observation);
}

StepResult ObservationMask::Step(const ConstVectorRef& action, VectorRef observation) {
  const StepResult result = inner_->Step(action, whole_);
  Keep(observation);
  return result;
}

void ObservationMask::Observe(VectorRef observation) const {
  inner_->Observe(whole_);
  Keep(observation);
}

void ObservationMask::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                                  StepDerivatives& out) const {
  InnerDerivatives(state, action, out);
  out.observation = Vector(out.observation(kept_));
  const auto columns = Eigen::seqN(0, out.dobservation_dstate.cols());
  out.dobservation_dstate = Matrix(out.dobservation_dstate(kept_, columns));
}

ObservationNoise::ObservationNoise(std::unique_ptr<Environment> inner,
                                   const std::vector<double>& deviations)
    : CloneableWrapper(std::move(inner)), noise_(Vector::Zero(spec_.observation_size)) {
  const auto size = static_cast<int>(deviations.size());
  if (size != 1 && size != spec_.observation_size) {
    Refuse("observation_noise must have 1 number or " + std::to_string(spec_.observation_size) +
           ", not " + std::to_string(size));
  }
  deviations_ = Vector::Constant(spec_.observation_size, deviations.front());
  for (int i = 0; i < size; ++i) deviations_[i] = deviations[static_cast<std::size_t>(i)];
  if (size == 1) deviations_.setConstant(deviations.front());
  if (!(deviations_.array() >= 0).all() || !deviations_.allFinite()) {
    Refuse("observation_noise must be finite and not negative");
  }
}

void ObservationNoise::DrawNoise() {
  for (Eigen::Index i = 0; i < noise_.size(); ++i) noise_[i] = deviations_[i] * rng_.Normal();
}

void ObservationNoise::Reset(Rng& rng, VectorRef observation) {
  inner_->Reset(rng, observation);
  rng_ = Rng(rng.Bits(), "observation noise");
  DrawNoise();
  observation += noise_;
}

StepResult ObservationNoise::Step(const ConstVectorRef& action, VectorRef observation) {
  const StepResult result = inner_->Step(action, observation);
  DrawNoise();
  observation += noise_;
  return result;
}

void ObservationNoise::Observe(VectorRef observation) const {
  inner_->Observe(observation);
  observation += noise_;
}

void ObservationNoise::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                                   StepDerivatives& out) const {
  InnerDerivatives(state, action, out);
  out.observation += noise_;
}

std::vector<std::uint64_t> ObservationNoise::OwnMemory() const {
  std::vector<std::uint64_t> words(rng_.state().begin(), rng_.state().end());
  for (const double x : noise_) words.push_back(std::bit_cast<std::uint64_t>(x));
  return words;
}

void ObservationNoise::SetOwnMemory(std::span<const std::uint64_t> words) {
  Rng::State state;
  std::copy_n(words.begin(), state.size(), state.begin());
  Vector noise(noise_.size());
  for (Eigen::Index i = 0; i < noise.size(); ++i) {
    noise[i] = std::bit_cast<double>(words[state.size() + static_cast<std::size_t>(i)]);
  }
  if (state == Rng::State{} || !noise.allFinite()) {
    Refuse("the memory is neither a random stream nor finite noise");
  }
  rng_.set_state(state);
  noise_ = noise;
}

FrameHistory::FrameHistory(std::unique_ptr<Environment> inner, int frames)
    : CloneableWrapper(std::move(inner)),
      before_(spec_.observation_size),
      now_(spec_.observation_size) {
  if (frames < 2) Refuse("a frame history must have at least two frames");
  older_ = Vector::Zero((frames - 1) * now_.size());
  spec_.state_size += static_cast<int>(older_.size());
  spec_.observation_size *= frames;
}

void FrameHistory::Reset(Rng& rng, VectorRef observation) {
  CheckSize("observation", observation.size(), spec_.observation_size);
  inner_->Reset(rng, now_);
  older_ = now_.replicate(older_.size() / now_.size(), 1);
  observation << now_, older_;
}

StepResult FrameHistory::Step(const ConstVectorRef& action, VectorRef observation) {
  CheckSize("observation", observation.size(), spec_.observation_size);
  inner_->Observe(before_);
  const StepResult result = inner_->Step(action, now_);
  std::copy_backward(older_.begin(), older_.end() - size(), older_.end());
  older_.head(size()) = before_;
  observation << now_, older_;
  return result;
}

void FrameHistory::Observe(VectorRef observation) const {
  CheckSize("observation", observation.size(), spec_.observation_size);
  inner_->Observe(now_);
  observation << now_, older_;
}

// State (s, o₁ … o_k): s' = f(s, a), o₁' = o(s), oᵢ' = oᵢ₋₁; observation (o(s), o₁ … o_k).
void FrameHistory::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                               StepDerivatives& out) const {
  CheckVector("state", state, spec_.state_size);
  const Eigen::Index p = size(), past = older_.size(), n = state.size() - past;
  StepDerivatives inner;
  InnerDerivatives(state.head(n), action, inner);
  out.next_state.resize(n + past);
  out.next_state << inner.next_state, inner.observation, state.segment(n, past - p);
  out.observation.resize(p + past);
  out.observation << inner.observation, state.tail(past);
  out.reward = inner.reward;
  out.terminated = inner.terminated;
  out.dnext_dstate.setZero(n + past, n + past);
  out.dnext_dstate.topLeftCorner(n, n) = inner.dnext_dstate;
  out.dnext_dstate.block(n, 0, p, n) = inner.dobservation_dstate;
  out.dnext_dstate.block(n + p, n, past - p, past - p).setIdentity();
  out.dnext_daction.setZero(n + past, inner.dnext_daction.cols());
  out.dnext_daction.topRows(n) = inner.dnext_daction;
  out.dreward_dstate.setZero(n + past);
  out.dreward_dstate.head(n) = inner.dreward_dstate;
  out.dreward_daction = inner.dreward_daction;
  out.dobservation_dstate.setZero(p + past, n + past);
  out.dobservation_dstate.topLeftCorner(p, n) = inner.dobservation_dstate;
  out.dobservation_dstate.bottomRightCorner(past, past).setIdentity();
}

}  // namespace nabla::envs
