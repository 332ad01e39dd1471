// Why a training stops: the message names the environment, the temperature or the learning, and
// small rewards are no reason.
#include <cmath>

#include "agent/training/trainer.h"
#include "envs/core/wrapper.h"
#include "tests/support/catch.h"

namespace nabla::agent {
namespace {

using test::ContainsText;

TaskConfig Task(const std::string& environment, const std::string& algorithm) {
  TaskConfig task;
  task.environment.name = environment;
  task.agent.algorithm = DefaultConfig(algorithm);
  ActorCriticConfig& config = SharedConfig(task.agent.algorithm);
  config.actor.hidden = config.critic.hidden = {32, 32};
  config.batch_size = 32;
  task.trainer = {.steps = 400, .warmup_steps = 50, .buffer_size = 1000};
  task.evaluation.every = 0;
  return task;
}

void Train(const TaskConfig& task) {
  Workers workers(1);
  Trainer trainer(task, workers);
  trainer.Run(std::atomic<bool>(false));
}

// A pendulum with a fault that begins at step 30 of an episode.
enum class Fault { kNanObservation, kHugeObservation, kInfiniteReward, kUndeclaredReward };

class Faulty : public envs::CloneableWrapper<Faulty> {
 public:
  explicit Faulty(Fault fault) : CloneableWrapper(envs::Make("Pendulum-v1")), fault_(fault) {
    spec_.name = "Faulty";
  }
  void Reset(Rng& rng, envs::VectorRef observation) override {
    inner_->Reset(rng, observation);
    steps_ = 0;
  }
  envs::StepResult Step(const envs::ConstVectorRef& action, envs::VectorRef observation) override {
    envs::StepResult result = inner_->Step(action, observation);
    if (++steps_ < 30) return result;
    if (fault_ == Fault::kNanObservation) observation[1] = std::nan("");
    if (fault_ == Fault::kHugeObservation) observation[1] = 1e39;
    if (fault_ == Fault::kInfiniteReward) result.reward = -HUGE_VAL;
    if (fault_ == Fault::kUndeclaredReward) result.reward = -1e30;
    return result;
  }

 private:
  Fault fault_;
  int steps_ = 0;
};

template <Fault kFault>
void Register(const char* name) {
  envs::Register({.name = name, .summary = "a fault", .make = [](const auto&...) {
                    return std::unique_ptr<envs::Environment>(std::make_unique<Faulty>(kFault));
                  }});
}

TEST_CASE("cause: critics that have not learned yet are no divergence") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    for (const char* environment : {"CartPoleBalance", "Pendulum-v1", "Acrobot-v1"}) {
      for (const double scale : {1e-9, 1e-3, 0.1}) {
        CAPTURE(algorithm.name, environment, scale);
        TaskConfig task = Task(environment, algorithm.name);
        task.trainer.steps = 90;
        task.environment.reward_scale = scale;
        SharedConfig(task.agent.algorithm).gamma = scale == 0.1 ? 0.5 : 0.99;
        CHECK_NOTHROW(Train(task));
      }
    }
  }
}

TEST_CASE("cause: numbers of an environment that are not finite name the environment") {
  Register<Fault::kNanObservation>("FaultyNan");
  Register<Fault::kHugeObservation>("FaultyHuge");
  Register<Fault::kInfiniteReward>("FaultyInfinite");
  Register<Fault::kUndeclaredReward>("FaultyUndeclared");
  const auto message = [](const char* name) -> std::string {
    try {
      Train(Task(name, "TD3"));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK_THAT(message("FaultyNan"), ContainsText("the environment Faulty gave an observation") &&
                                       ContainsText("nan at step 30"));
  CHECK_THAT(message("FaultyHuge"), ContainsText("the environment Faulty gave an observation") &&
                                        ContainsText("finite 32-bit number"));
  CHECK_THAT(message("FaultyInfinite"),
             ContainsText("the environment Faulty gave a reward of -inf at step 30"));
  CHECK_THAT(message("FaultyUndeclared"),
             ContainsText("the environment Faulty gives rewards of up to") &&
                 ContainsText("declares") && !ContainsText("learning rate"));
}

TEST_CASE("cause: an entropy that no policy has is refused, and the temperature is named") {
  for (const char* algorithm : {"SAC", "TQC"}) {
    CAPTURE(algorithm);
    const auto train = [&](double target, double rate) {
      TaskConfig task = Task("Reacher2D", algorithm);  // two actions
      std::visit(
          [&](auto& own) {
            if constexpr (requires { own.temperature; }) {
              own.temperature.target_entropy = target;
              own.temperature.learning_rate = rate;
            }
          },
          task.agent.algorithm);
      Train(task);
    };
    CHECK_THROWS_WITH(train(1.4, 1e-3),
                      ContainsText("target_entropy is 1.4") && ContainsText("1.386294"));
    CHECK_THROWS_WITH(train(-1e300, 1e-3), ContainsText("target_entropy"));
    CHECK_NOTHROW(train(-4, 1e-3));
    // Only the uniform distribution has almost this entropy, so alpha grows until it overflows.
    CHECK_THROWS_WITH(train(1.386, 10), ContainsText("the temperature has grown") &&
                                            ContainsText("agent.temperature.target_entropy"));
  }
}

TEST_CASE("cause: a learning rate that is too large is named") {
  TaskConfig task = Task("Pendulum-v1", "DDPG");
  SharedConfig(task.agent.algorithm).critic_learning_rate = 1e30;
  CHECK_THROWS_WITH(Train(task), ContainsText("agent.critic_learning_rate"));
}

}  // namespace
}  // namespace nabla::agent
