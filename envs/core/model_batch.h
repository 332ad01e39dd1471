// ModelBatch<Model>: the FloatBatch of a model. States are stored component by component, so that
// one load fills a pack; observations are written as columns, the layout that networks take.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "envs/core/float_batch.h"
#include "envs/core/pack.h"

namespace nabla::envs {

inline Pack LoadPack(const float* from) {
  Pack x;
  std::memcpy(&x.v, from, sizeof(x.v));
  return x;
}
inline void StorePack(const Pack& x, float* to) { std::memcpy(to, &x.v, sizeof(x.v)); }

// The index for __builtin_shufflevector of lane `lane` of output pack `block`, when the numbers of
// input pack `row` are merged into it: the lane itself if it stays, else kPackSize + the lane of
// the input pack.
template <std::size_t p, std::size_t block, std::size_t row, std::size_t lane>
inline constexpr auto kSource = static_cast<std::int32_t>(
    (block * kPackSize + lane) % p == row ? kPackSize + (block * kPackSize + lane) / p : lane);

// Writes kPackSize columns of p numbers each, from p packs: number k of the output is lane k / p of
// pack k % p.
template <std::size_t p>
void StoreColumns(const std::array<Pack, p>& rows, float* to) {
  if constexpr (p == 1) {
    StorePack(rows[0], to);
  } else {
    const auto store = [&]<std::size_t block>() {
      Pack::Lanes column = {};
      const auto lay = [&]<std::size_t row>() {
        column = [&]<std::size_t... lane>(std::index_sequence<lane...>) {
          return __builtin_shufflevector(column, rows[row].v, kSource<p, block, row, lane>...);
        }
        (std::make_index_sequence<kPackSize>{});
      };
      [&]<std::size_t... row>(std::index_sequence<row...>) {
        (lay.template operator()<row>(), ...);
      }
      (std::make_index_sequence<p>{});
      StorePack(Pack(column), to + block * kPackSize);
    };
    [&]<std::size_t... block>(std::index_sequence<block...>) {
      (store.template operator()<block>(), ...);
    }
    (std::make_index_sequence<p>{});
  }
}

template <class Model>
class ModelBatch final : public FloatBatch {
 public:
  static constexpr int kN = Model::kStateSize;
  static constexpr int kM = Model::kActionSize;
  static constexpr int kP = Model::kObservationSize;

  ModelBatch(const Spec& spec, int copies, std::uint64_t seed) : spec_(spec), copies_(copies) {
    if (copies < 1)
      throw std::invalid_argument(spec_.name + ": a float batch needs at least one copy");
    for (int i = 0; i < copies; ++i) rngs_.emplace_back(seed, "batch." + std::to_string(i));
    const auto padded = static_cast<std::size_t>(copies + kPackSize - 1) / kPackSize * kPackSize;
    for (auto& component : states_) component.assign(padded, 0.0f);
    steps_.assign(padded, 0);
    // The unused lanes of the last pack start from a state of their own and are never read.
    Rng rng(seed, "batch");
    const auto start = model_.Initial(rng);
    for (int i = 0; i < kN; ++i) {
      std::fill(states_[i].begin(), states_[i].end(), static_cast<float>(start[i]));
    }
  }

  const Spec& spec() const override { return spec_; }
  int copies() const override { return copies_; }

  void Reset(BatchResult<float>& result) override {
    result.Resize(kP, copies_);
    for (int copy = 0; copy < copies_; ++copy) Restart(copy, result);
  }

  void Step(const Eigen::Ref<const Eigen::MatrixXf>& actions, BatchResult<float>& result) override {
    Check("actions", actions, kM);
    if (!result.Fits(kP, copies_)) {
      throw std::invalid_argument(spec_.name + ": call Reset before the first Step");
    }
    result.terminated.setConstant(false);
    result.truncated.setConstant(false);
    const Model model = model_;
    const int whole = copies_ / kPackSize * kPackSize;
    for (int first = 0; first < whole; first += kPackSize) {
      const PackMask terminated =
          StepPack(model, first, actions.data() + first * kM,
                   result.observations.data() + first * kP, result.rewards.data() + first);
      End(first, kPackSize, terminated, result);
    }
    if (whole < copies_) StepRest(model, whole, actions, result);
  }

  Eigen::MatrixXf States() const override {
    Eigen::MatrixXf states(kN, copies_);
    for (int i = 0; i < kN; ++i) {
      for (int copy = 0; copy < copies_; ++copy) states(i, copy) = states_[i][copy];
    }
    return states;
  }

  void SetStates(const Eigen::Ref<const Eigen::MatrixXf>& states) override {
    Check("states", states, kN);
    for (int i = 0; i < kN; ++i) {
      for (int copy = 0; copy < copies_; ++copy) states_[i][copy] = states(i, copy);
    }
  }

 private:
  using Mask = PackMask::Lanes;

  void Check(const char* what, const Eigen::Ref<const Eigen::MatrixXf>& values, int rows) const {
    bool finite = values.rows() == rows && values.cols() == copies_;
    if (finite) {
      float sum = 0;  // 0·x is 0 for every finite x and NaN for the others
      for (Eigen::Index i = 0; i < values.cols(); ++i) sum += (0 * values.col(i)).sum();
      finite = sum == 0;
    }
    if (finite) return;
    throw std::invalid_argument(spec_.name + ": the " + what + " must be " + std::to_string(rows) +
                                " x " + std::to_string(copies_) + " finite numbers");
  }

  // Starts a new episode of one copy and writes its observation.
  void Restart(int copy, BatchResult<float>& result) {
    const auto start = model_.Initial(rngs_[copy]);
    std::array<float, kN> s;
    for (int i = 0; i < kN; ++i) states_[i][copy] = s[i] = static_cast<float>(start[i]);
    const std::array<float, kP> o = model_.Observe(s);
    for (int i = 0; i < kP; ++i) result.observations(i, copy) = o[i];
    steps_[copy] = 0;
  }

  // Steps one pack of copies, from copy `first`: reads actions [m, pack], writes observations
  // [p, pack] and rewards.
  PackMask StepPack(const Model& model, int first, const float* actions, float* observations,
                    float* rewards) {
    std::array<Pack, kN> s;
    std::array<Pack, kM> a;
    for (int i = 0; i < kN; ++i) s[i] = LoadPack(&states_[i][first]);
    for (int i = 0; i < kM; ++i) {
      for (int lane = 0; lane < kPackSize; ++lane) a[i].v[lane] = actions[lane * kM + i];
    }
    const std::array<Pack, kN> next = model.Next(s, a);
    StorePack(model.Reward(s, a, next), rewards);
    StoreColumns(model.Observe(next), observations);
    for (int i = 0; i < kN; ++i) StorePack(next[i], &states_[i][first]);
    return model.Terminated(next);
  }

  // Steps the last copies, which do not fill a pack, in a padded pack.
  void StepRest(const Model& model, int first, const Eigen::Ref<const Eigen::MatrixXf>& actions,
                BatchResult<float>& result) {
    const int count = copies_ - first;
    std::array<float, kM* kPackSize> a = {};
    std::array<float, kP * kPackSize> observations;
    std::array<float, kPackSize> rewards;
    std::copy_n(actions.data() + first * kM, count * kM, a.begin());
    const PackMask terminated =
        StepPack(model, first, a.data(), observations.data(), rewards.data());
    std::copy_n(observations.begin(), count * kP, result.observations.data() + first * kP);
    std::copy_n(rewards.begin(), count, result.rewards.data() + first);
    End(first, count, terminated, result);
  }

  // Counts the step of `count` copies from `first` and restarts those whose episode has ended.
  void End(int first, int count, const PackMask& terminated, BatchResult<float>& result) {
    Mask steps;
    std::memcpy(&steps, &steps_[first], sizeof(steps));
    steps += 1;
    std::memcpy(&steps_[first], &steps, sizeof(steps));
    const Mask truncated = steps >= spec_.step_limit;
    const Mask ended = truncated | terminated.v;
    if (!Any(ended)) return;
    for (int lane = 0; lane < count; ++lane) {
      const int copy = first + lane;
      if (ended[lane] == 0) continue;
      result.terminated[copy] = terminated.v[lane] != 0;
      result.truncated[copy] = truncated[lane] != 0;
      result.final_observations.col(copy) = result.observations.col(copy);
      Restart(copy, result);
    }
  }

  static bool Any(const Mask& mask) {
    std::int32_t any = 0;
    for (int lane = 0; lane < kPackSize; ++lane) any |= mask[lane];
    return any != 0;
  }

  Spec spec_;
  Model model_;
  int copies_;
  std::array<std::vector<float>, kN> states_;  // [i][copy]
  std::vector<std::int32_t> steps_;            // of the present episode of each copy
  std::vector<Rng> rngs_;
};

}  // namespace nabla::envs
