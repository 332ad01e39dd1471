// ModelEnvironment<Model>: an Environment made from a model. A model holds the physics once,
// generic in the scalar type T (scalar.h), with sizes n, m and p of state, action and observation:
//
// clang-format off
//   struct Model : ModelDefaults {
//     static constexpr int kStateSize, kActionSize, kObservationSize;   // n, m, p
//     static constexpr const char* kDescription = "...";                // the equations
//     double mass = 1; ...                                              // parameters
//     template <class T> std::array<T, n> Next(s, a) const;             // s' = f(s, a)
//     template <class T> T Reward(s, a, next) const;                    // r(s, a, s')
//     template <class T> MaskOf<T> Terminated(next) const;              // s' is terminal
//     template <class T> std::array<T, p> Observe(s) const;             // o(s)
//     std::array<double, n> Initial(Rng&) const;                        // initial state
//     Spec MakeSpec() const;
//     static std::vector<ModelParameter<Model>> ParameterTable();
//     void Draw(Canvas&, s, a) const;
//   };
// clang-format on
//
// T = double simulates, T = Dual<n + m> gives exact derivatives, and T = Pack steps a register of
// copies at once (model_batch.h). Include this header only in .cc files: it is slow to compile.
#pragma once

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "envs/core/dual.h"
#include "envs/core/environment_entry.h"
#include "envs/core/model.h"
#include "envs/core/model_batch.h"
#include "envs/core/unknown_name.h"

namespace nabla::envs {

// x rounded to float. The volatile is needed because g++ 12.2 deletes the pair of conversions when
// it vectorises two of them (-ftree-slp-vectorize).
inline double RoundToFloat(double x) {
  const volatile auto rounded = static_cast<float>(x);
  return static_cast<double>(rounded);
}

template <class Model>
class ModelEnvironment final : public Environment, public Differentiable {
 public:
  static constexpr int kN = Model::kStateSize;
  static constexpr int kM = Model::kActionSize;
  static constexpr int kP = Model::kObservationSize;
  using StateArray = std::array<double, kN>;
  using ActionArray = std::array<double, kM>;

  explicit ModelEnvironment(const Model& model = Model()) : model_(model), spec_(MakeSpec(model)) {
    Rng rng(0);
    state_ = model_.Initial(rng);
  }

  const Spec& spec() const override { return spec_; }
  const Model& model() const { return model_; }

  void Reset(Rng& rng, VectorRef observation) override {
    CheckSize("observation", observation.size(), kP);
    state_ = model_.Initial(rng);
    ended_ = false;
    WriteObservation(observation);
  }

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override {
    CheckSize("observation", observation.size(), kP);
    const ActionArray a = Read<kM>("action", action);
    StateArray next = model_.Next(state_, a);
    StepResult result{.reward = model_.Reward(state_, a, next),
                      .terminated = model_.Terminated(next)};
    if (!AllFinite(next) || !std::isfinite(result.reward)) {
      throw std::runtime_error(spec_.name +
                               ": the step gives a state or reward that is not finite");
    }
    if constexpr (Model::kNoRewardAfterEnd) {
      if (ended_ && result.terminated) result.reward = 0;
      ended_ |= result.terminated;
    }
    if constexpr (Model::kFloatState) {
      for (double& x : next) x = RoundToFloat(x);
    }
    state_ = next;
    WriteObservation(observation);
    return result;
  }

  void Observe(VectorRef observation) const override {
    CheckSize("observation", observation.size(), kP);
    WriteObservation(observation);
  }

  Vector State() const override { return Eigen::Map<const Vector>(state_.data(), kN); }
  void SetState(const ConstVectorRef& state) override { state_ = Read<kN>("state", state); }

  std::vector<std::uint64_t> Memory() const override {
    if constexpr (Model::kNoRewardAfterEnd) return {ended_ ? 1u : 0u};
    return {};
  }
  void SetMemory(std::span<const std::uint64_t> words) override {
    if constexpr (Model::kNoRewardAfterEnd) {
      if (words.size() != 1 || words[0] > 1) {
        throw std::invalid_argument(spec_.name + ": the memory must be one word, 0 or 1");
      }
      ended_ = words[0] == 1;
    } else {
      Environment::SetMemory(words);
    }
  }

  const Differentiable* differentiable() const override { return this; }
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;

  std::vector<Parameter> Parameters() const override {
    std::vector<Parameter> list;
    for (const auto& p : Model::ParameterTable()) {
      list.push_back({p.name, p.unit, {model_.*p.field}, p.low, p.high});
    }
    return list;
  }
  void SetParameters(const ParameterValues& values) override;

  void Draw(Canvas& canvas, const ConstVectorRef& action) const override {
    ActionArray a = {};
    if (action.size() != 0) a = Read<kM>("action", action);
    model_.Draw(canvas, state_, a);
  }
  std::string Description() const override { return Model::kDescription; }

  std::unique_ptr<Environment> Clone() const override {
    return std::make_unique<ModelEnvironment>(*this);
  }

 private:
  static Spec MakeSpec(const Model& model) {
    Spec spec = model.MakeSpec();
    spec.state_size = kN;
    spec.observation_size = kP;
    spec.action_size = kM;
    return spec;
  }

  template <std::size_t size>
  static bool AllFinite(const std::array<double, size>& values) {
    double sum = 0;  // 0·x is 0 for every finite x and NaN for the others
    for (const double x : values) sum += 0 * x;
    return sum == 0;
  }

  void CheckSize(const char* what, Eigen::Index size, int wanted) const {
    if (size != wanted) [[unlikely]] {
      throw std::invalid_argument(spec_.name + ": the " + what + " must have " +
                                  std::to_string(wanted) + " numbers, not " + std::to_string(size));
    }
  }

  template <int size>
  std::array<double, size> Read(const char* what, const ConstVectorRef& values) const {
    CheckSize(what, values.size(), size);
    std::array<double, size> result;
    for (int i = 0; i < size; ++i) result[i] = values[i];
    if (!AllFinite(result)) [[unlikely]] {
      throw std::invalid_argument(spec_.name + ": the " + what + " has a value that is not finite");
    }
    return result;
  }

  void WriteObservation(VectorRef& observation) const {
    const auto o = model_.Observe(state_);
    for (int i = 0; i < kP; ++i) observation[i] = o[i];
  }

  Model model_;
  Spec spec_;
  StateArray state_;
  bool ended_ = false;  // whether a step since the reset was terminal
};

template <class Model>
void ModelEnvironment<Model>::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                                          StepDerivatives& out) const {
  using D = Dual<kN + kM>;
  const StateArray state_values = Read<kN>("state", state);
  const ActionArray action_values = Read<kM>("action", action);
  std::array<D, kN> s;
  std::array<D, kM> a;
  for (int i = 0; i < kN; ++i) s[i] = D::Variable(state_values[i], i);
  for (int i = 0; i < kM; ++i) a[i] = D::Variable(action_values[i], kN + i);

  const std::array<D, kN> next = model_.Next(s, a);
  const D reward = model_.Reward(s, a, next);
  const std::array<D, kP> o = model_.Observe(s);

  out.next_state.resize(kN);
  out.observation.resize(kP);
  out.dnext_dstate.resize(kN, kN);
  out.dnext_daction.resize(kN, kM);
  out.dreward_dstate.resize(kN);
  out.dreward_daction.resize(kM);
  out.dobservation_dstate.resize(kP, kN);
  for (int i = 0; i < kN; ++i) {
    out.next_state[i] = next[i].value;
    for (int j = 0; j < kN; ++j) out.dnext_dstate(i, j) = next[i].d[j];
    for (int j = 0; j < kM; ++j) out.dnext_daction(i, j) = next[i].d[kN + j];
  }
  out.reward = reward.value;
  out.terminated = model_.Terminated(next);
  for (int j = 0; j < kN; ++j) out.dreward_dstate[j] = reward.d[j];
  for (int j = 0; j < kM; ++j) out.dreward_daction[j] = reward.d[kN + j];
  for (int i = 0; i < kP; ++i) {
    out.observation[i] = o[i].value;
    for (int j = 0; j < kN; ++j) out.dobservation_dstate(i, j) = o[i].d[j];
  }
}

template <class Model>
void ModelEnvironment<Model>::SetParameters(const ParameterValues& values) {
  Model changed = model_;
  for (const auto& [name, value] : values) {
    std::vector<std::string> known;
    bool found = false;
    for (const auto& p : Model::ParameterTable()) {
      known.emplace_back(p.name);
      if (name != p.name) continue;
      found = true;
      if (value.size() != 1 || !(value[0] >= p.low && value[0] <= p.high)) {
        throw std::invalid_argument(spec_.name + ": parameter " + name +
                                    " must be one number in [" + std::to_string(p.low) + ", " +
                                    std::to_string(p.high) + "] " + p.unit);
      }
      changed.*p.field = value[0];
    }
    if (!found) throw UnknownNameError("parameter", name, known, spec_.name);
  }
  model_ = changed;
  spec_ = MakeSpec(changed);
}

// The registry entry of a model.
template <class Model>
EnvironmentEntry ModelEntry(std::string summary) {
  return {Model().MakeSpec().name, std::move(summary),
          [] { return std::make_unique<ModelEnvironment<Model>>(); },
          [](int copies, std::uint64_t seed) {
            return std::make_unique<ModelBatch<Model>>(ModelEnvironment<Model>().spec(), copies,
                                                       seed);
          }};
}

}  // namespace nabla::envs
