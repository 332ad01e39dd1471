// Laws that every algorithm of the registry satisfies, on small networks: the same bits for any
// number of threads and after a restore at any update, networks for inspection that match the
// policy, refinement that increases Q, and options that have their documented effect.
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/state/state_files.h"
#include "agent/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

using test::ContainsText;
using test::TempFolder;

const nn::NetworkConfig kSmall{.hidden = {16, 16}, .activation = "silu"};

// Calls change(config) with the config of the algorithm.
template <class Change>
TaskConfig SmallTask(const std::string& algorithm, const Change& change) {
  TaskConfig task;
  task.seed = 3;
  task.environment.name = "Reacher2D";  // two actions
  task.agent.algorithm = DefaultConfig(algorithm);
  std::visit(
      [&](auto& config) {
        config.actor = config.critic = kSmall;
        config.batch_size = 32;
        change(config);
      },
      task.agent.algorithm);
  task.trainer = {.steps = 600, .warmup_steps = 50, .buffer_size = 300, .envs = 1};
  return task;
}

TaskConfig SmallTask(const std::string& algorithm) {
  return SmallTask(algorithm, [](auto&) {});
}

void TrainTo(Trainer& trainer, std::int64_t step) {
  while (trainer.step() < step) trainer.Step();
}

// The complete state of a run, as text.
std::string Bits(Trainer& trainer) {
  StateSaver saver(false);
  trainer.Serialize(StateArchive(saver));
  const TempFolder folder;
  saver.WriteTo(folder.path(), "latest", trainer.step(), nlohmann::json::object());
  const auto state = nlohmann::json::parse(ReadFile(folder / "state.json"));
  return state["state"].dump() + state["files"].dump();  // the checksums of the tensors
}

std::string BitsAt(const TaskConfig& task, std::int64_t step, int threads) {
  Workers workers(threads);
  Trainer trainer(task, workers);
  TrainTo(trainer, step);
  return Bits(trainer);
}

// Configurations that use the optional features.
std::vector<TaskConfig> Variants(const std::string& algorithm) {
  std::vector<TaskConfig> tasks = {SmallTask(algorithm)};
  tasks.push_back(SmallTask(algorithm, [](auto& config) {
    config.optimizer = {.schedule = Schedule::kCosine, .max_gradient_norm = 0.5};
    config.refine = {.refine = RefineWhen::kAlways, .refine_steps = 2};
  }));
  tasks.push_back(SmallTask(algorithm, [](auto& config) {
    if constexpr (requires { config.ensemble; }) {
      config.ensemble = {.size = 5,
                         .target_subset = 2,
                         .target = TargetReduction::kMean,
                         .actor = ActorReduction::kMean};
      config.policy_delay = 3;
    }
    if constexpr (requires { config.actor_update; }) {
      config.actor_update.actor_update = ActorUpdate::kActionImprovement;
    }
    if constexpr (requires { config.temperature; }) {
      config.temperature = {.learned = false, .initial = 0.1};
    }
  }));
  return tasks;
}

}  // namespace

TEST_CASE("algorithms: the same bits for any number of threads", "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    int variant = 0;
    for (const TaskConfig& task : Variants(algorithm.name)) {
      CAPTURE(algorithm.name, variant++);
      const std::string one = BitsAt(task, 120, 1);
      CHECK(BitsAt(task, 120, 2) == one);
      CHECK(BitsAt(task, 120, 3) == one);
    }
  }
}

TEST_CASE("algorithms: a restored run has the bits of an uninterrupted one", "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    int variant = 0;
    for (const TaskConfig& task : Variants(algorithm.name)) {
      CAPTURE(algorithm.name, variant++);
      Workers workers(1);
      Trainer whole(task, workers);
      TrainTo(whole, 97);
      const TempFolder folder;
      StateSaver saver(false);
      whole.Serialize(StateArchive(saver));
      saver.WriteTo(folder.path(), "latest", 97, nlohmann::json::object());
      TrainTo(whole, 140);

      TaskConfig other = task;
      other.seed = 4;  // everything that differs is restored
      Trainer restored(other, workers);
      TrainTo(restored, 60);
      StateLoader loader(folder.path());
      loader.Restore([&](const StateArchive& archive) { restored.Serialize(archive); });
      TrainTo(restored, 140);
      CHECK(Bits(restored) == Bits(whole));
    }
  }
}

TEST_CASE("algorithms: the networks to inspect compute the actions of the policy",
          "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    const TaskConfig task = SmallTask(algorithm.name);
    Workers workers(1);
    Trainer trainer(task, workers);
    TrainTo(trainer, 80);
    const Policy& policy = trainer.agent().policy();
    const std::vector<NamedNetwork> networks = NetworksOf(trainer.agent());
    REQUIRE(networks.size() >= 2);
    const Index o = trainer.environment().spec().observation_size,
                a = trainer.environment().spec().action_size;
    const Matrix observation = Matrix::Random(o, 5);
    PolicyTape policy_tape = policy.MakeTape(5);
    nn::Tape tape = networks[0].network.MakeTape(5);
    Matrix action(a, 5);
    Rng rng(1);
    policy.ActNormalized(observation, Mode::kExploit, rng, policy_tape, action);
    CHECK(networks[0].network.Evaluate(observation, tape).isApprox(action, 1e-5f));
    for (std::size_t i = 1; i < networks.size(); ++i) {
      CHECK(networks[i].network.input_size() == o + a);
      CHECK(networks[i].network.output_size() == 1);
    }
  }
}

TEST_CASE("algorithms: refinement increases Q inside the bounds, only when configured",
          "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    const auto act = [&](RefineWhen refine, Mode mode, Matrix& action) {
      const TaskConfig task = SmallTask(algorithm.name, [&](auto& config) {
        config.refine = {.refine = refine, .refine_steps = 20, .refine_rate = 0.1};
      });
      Workers workers(1);
      Trainer trainer(task, workers);
      const Policy& policy = trainer.agent().policy();
      const Index o = trainer.environment().spec().observation_size;
      Matrix observation(o, 4);
      for (Index i = 0; i < observation.size(); ++i) {
        observation.data()[i] = static_cast<Real>(std::sin(static_cast<double>(i)));
      }
      action.resize(trainer.environment().spec().action_size, 4);
      PolicyTape tape = policy.MakeTape(4);
      Rng rng(1);
      policy.ActNormalized(observation, mode, rng, tape, action);
      Matrix input(o + action.rows(), 4);
      input << observation, action;
      const nn::Network critic = NetworksOf(trainer.agent())[1].network;
      nn::Tape critic_tape = critic.MakeTape(4);
      return Matrix(critic.Evaluate(input, critic_tape));
    };
    Matrix plain, refined;
    const Matrix before = act(RefineWhen::kNever, Mode::kExploit, plain);
    const Matrix after = act(RefineWhen::kEvaluation, Mode::kExploit, refined);
    CHECK((after - before).minCoeff() > 0);
    CHECK(refined.cwiseAbs().maxCoeff() <= 1);
    Matrix exploring;
    act(RefineWhen::kNever, Mode::kExplore, plain);
    act(RefineWhen::kEvaluation, Mode::kExplore, exploring);
    CHECK(exploring == plain);
    act(RefineWhen::kAlways, Mode::kExplore, exploring);
    CHECK(exploring != plain);
  }
}

TEST_CASE("algorithms: targets beyond the bound of the rewards stop a run with an explanation",
          "[agent]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    TaskConfig task = SmallTask(algorithm.name, [](auto& config) {
      config.gamma = 0.5;
      config.critic_learning_rate = 10;
      config.polyak_rate = 1;
    });
    task.environment.name = "Pendulum-v1";  // rewards in [-16.3, 0]
    Workers workers(1);
    Trainer trainer(task, workers);
    REQUIRE_THROWS_WITH(trainer.Run(std::atomic<bool>(false)),
                        ContainsText("diverged at step") && ContainsText("allow no |Q| above") &&
                            ContainsText("try a smaller"));
  }
}

TEST_CASE("algorithms: docs/metrics.md lists every metric", "[agent]") {
  const std::string page = ReadFile(NABLA_SOURCE_DIR "/docs/metrics.md");
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    Workers workers(1);
    Trainer trainer(SmallTask(algorithm.name), workers);
    TrainTo(trainer, 120);
    for (const Metric& metric : trainer.agent().metrics().list()) {
      CAPTURE(algorithm.name, metric.name);
      CHECK_THAT(page, ContainsText("| `" + metric.name + "` |"));
      CHECK(metric.count > 0);
      CHECK(std::isfinite(metric.Mean()));
    }
  }
}

TEST_CASE("optimizer: schedules end at their final rate, clipping bounds the gradient", "[agent]") {
  CHECK(OptimizerConfig{}.RateFactor(0.7) == 1);
  const OptimizerConfig linear{.schedule = Schedule::kLinear, .final_rate = 0.2};
  CHECK(linear.RateFactor(0) == 1);
  CHECK(linear.RateFactor(0.5) == Approx(0.6));
  CHECK(linear.RateFactor(1) == Approx(0.2));
  const OptimizerConfig cosine{.schedule = Schedule::kCosine, .final_rate = 0.2};
  CHECK(cosine.RateFactor(0) == 1);
  CHECK(cosine.RateFactor(0.5) == Approx(0.6));
  CHECK(cosine.RateFactor(1) == Approx(0.2));

  // Adam's first step is α g / (|g| + ε), which is about α g / ε for a large ε.
  Rng rng(1);
  const nn::Network network = NewNetwork(kSmall, 3, 1, "identity", rng);
  const Matrix x = Matrix::Random(3, 4), c = Matrix::Constant(1, 4, 100);
  const auto step = [&](double longest, double progress) {
    nn::Network moved = network;
    const OptimizerConfig config{
        .schedule = Schedule::kLinear, .max_gradient_norm = longest, .epsilon = 1e6};
    Learner learner(moved, MakeAdam(config, 1e6, moved.parameter_count()), 4);
    learner.SetProgress(progress);
    learner.Forward(x);
    learner.Descend(c);
    return Vector(network.parameters() - moved.parameters());
  };
  const Vector full = step(0, 0);
  CHECK(full.norm() > 100);
  CHECK(step(2, 0).norm() == Approx(2).epsilon(1e-3));
  CHECK(step(2, 0).normalized().isApprox(full.normalized(), 1e-3f));
  CHECK(step(2 * static_cast<double>(full.norm()), 0).isApprox(full, 1e-3f));
  CHECK(step(0, 0.75).isApprox(full / 4, 1e-3f));
}

}  // namespace nabla::agent
