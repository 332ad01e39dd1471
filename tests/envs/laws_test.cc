// The laws of envs/registry/check.h for every environment of the registry, and that they have
// teeth: each fault planted into a healthy environment breaks the law that is there for it.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "envs/registry/check.h"
#include "envs/registry/registry.h"
#include "envs/wrappers/wrapper.h"
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
    inner_->Derivatives(state, action, out);
    if (fault_ == Fault::kWrongValue) out.next_state[0] += 1e-6;
    if (fault_ == Fault::kWrongDerivative) out.dnext_dstate(1, 0) *= 1 + 3e-6;
    if (fault_ == Fault::kJumps) {
      out.dnext_dstate(0, 0) += std::fmod(std::abs(state[0]) * 1e9, 2) < 1 ? 1 : 0;
    }
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
  for (const Entry& entry : Registry()) {
    for (const LawResult& result : CheckEnvironment(*entry.make())) {
      INFO(entry.name << ": " << result.law << ": " << result.detail);
      CHECK(result.holds);
    }
  }
}

TEST_CASE("each law finds the fault it is there for", "[envs][laws]") {
  CHECK(BrokenLaws(Fault::kNone).empty());
  const std::pair<Fault, const char*> expected[] = {
      {Fault::kBadSpec, "spec"},
      {Fault::kRewardOutOfRange, "finite"},
      {Fault::kNotDeterministic, "same seed"},
      {Fault::kStateForgotten, "round trip"},
      {Fault::kResetRemembers, "fresh reset"},
      {Fault::kSharedClone, "clone"},
      {Fault::kAcceptsNan, "bad input"},
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

TEST_CASE("an unknown name is answered with the nearest", "[envs]") {
  CHECK_THROWS_WITH(Make("Pendulm-v1"), test::ContainsText("did you mean 'Pendulum-v1'?"));
  CHECK_THROWS_WITH(Make("quadrotor2d"), test::ContainsText("'Quadrotor2DHover'"));
  CHECK_THROWS_WITH(Make("xyz"), test::ContainsText("known: Pendulum-v1"));
}

}  // namespace nabla::envs
