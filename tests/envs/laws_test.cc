// Every environment in the registry keeps the laws of envs/registry/environment_laws.h, and each
// law detects the fault that it is there for, planted into a healthy environment.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "envs/core/wrapper.h"
#include "envs/registry/environment_config.h"
#include "envs/registry/environment_laws.h"
#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

enum class Fault {
  kNone,
  kBadSpec,
  kRewardOutOfRange,
  kNotDeterministic,
  kStateForgotten,
  kResetRemembers,
  kSharedClone,
  kAcceptsNan,
  kParametersReset,
  kWrongValue,
  kWrongDerivative,
  kJumps,
  kDrawsNothing,
};

class Faulty : public CloneableWrapper<Faulty> {
 public:
  Faulty(std::unique_ptr<Environment> inner, Fault fault)
      : CloneableWrapper(std::move(inner)), fault_(fault) {
    if (fault == Fault::kSharedClone) shared_ = std::make_shared<std::uint64_t>(0);
    if (fault == Fault::kBadSpec) spec_.action_low = spec_.action_high;
    if (fault == Fault::kRewardOutOfRange) spec_.reward_high = -1;
  }

  void Reset(Rng& rng, VectorRef observation) override {
    inner_->Reset(rng, observation);
    if (fault_ != Fault::kResetRemembers) steps_ = 0;
  }

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override {
    static double calls = 0;
    if (fault_ == Fault::kAcceptsNan && !action.allFinite()) return {};
    StepResult result = inner_->Step(action, observation);
    ++steps_;
    if (fault_ == Fault::kNotDeterministic) observation[0] += 1e-9 * ++calls;
    if (fault_ == Fault::kStateForgotten || fault_ == Fault::kResetRemembers) {
      result.reward -= 1e-9 * steps_;
    }
    if (shared_) ++*shared_;
    return result;
  }

  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override {
    InnerDerivatives(state, action, out);
    if (fault_ == Fault::kWrongValue) out.next_state[0] += 1e-6;
    if (fault_ == Fault::kWrongDerivative) out.dnext_dstate(1, 0) *= 1 + 3e-6;
    if (fault_ == Fault::kJumps) {
      out.dnext_dstate(0, 0) += std::fmod(std::abs(state[0]) * 1e9, 2) < 1 ? 1 : 0;
    }
  }

  void SetParameters(const ParameterValues& values) override {
    inner_->SetParameters(values);
    if (fault_ == Fault::kParametersReset) inner_->SetState(Vector::Zero(2));
  }

  void Draw(Canvas& canvas, const ConstVectorRef& action) const override {
    if (fault_ != Fault::kDrawsNothing) inner_->Draw(canvas, action);
  }

 protected:
  std::vector<std::uint64_t> OwnMemory() const override { return {shared_ ? *shared_ : 0}; }

 private:
  Fault fault_;
  double steps_ = 0;
  std::shared_ptr<std::uint64_t> shared_;  // a counter that clones have in common
};

// The first words of the laws that `fault` breaks.
std::vector<std::string> BrokenLaws(Fault fault) {
  std::vector<std::string> broken;
  for (const LawResult& result : CheckEnvironment(Faulty(Make("Pendulum-v1"), fault))) {
    if (!result.holds) broken.push_back(result.law.substr(0, result.law.find(':')));
  }
  return broken;
}

}  // namespace

TEST_CASE("every environment keeps every law", "[envs][laws]") {
  REQUIRE(Registry().size() >= 16);
  for (const EnvironmentEntry& entry : Registry()) {
    for (const LawResult& result : CheckEnvironment(*entry.make())) {
      INFO(entry.name << ": " << result.law << ": " << result.detail);
      CHECK(result.holds);
    }
  }
}

TEST_CASE("each law detects its fault", "[envs][laws]") {
  CHECK(BrokenLaws(Fault::kNone).empty());
  const std::pair<Fault, const char*> expected[] = {
      {Fault::kBadSpec, "spec"},
      {Fault::kRewardOutOfRange, "finite"},
      {Fault::kNotDeterministic, "same seed"},
      {Fault::kStateForgotten, "round trip"},
      {Fault::kResetRemembers, "fresh reset"},
      {Fault::kSharedClone, "clone"},
      {Fault::kAcceptsNan, "bad input"},
      {Fault::kParametersReset, "parameters"},
      {Fault::kWrongValue, "value"},
      {Fault::kWrongDerivative, "derivatives"},
      {Fault::kJumps, "continuity"},
      {Fault::kDrawsNothing, "picture"},
  };
  for (const auto& [fault, law] : expected) {
    const std::vector<std::string> broken = BrokenLaws(fault);
    INFO(law);
    CHECK(std::find(broken.begin(), broken.end(), law) != broken.end());
  }
}

TEST_CASE("laws: an environment whose episodes end at their first step is checked to the end",
          "[envs]") {
  EnvironmentConfig config;
  config.name = "Pendulum-v1";
  config.step_limit = 1;
  for (const LawResult& result : CheckEnvironment(*Make(config))) {
    CAPTURE(result.law, result.detail);
    CHECK(result.holds);
  }
}

}  // namespace nabla::envs
