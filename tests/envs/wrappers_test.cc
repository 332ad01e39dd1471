// The wrappers: each keeps every law of envs/registry/environment_laws.h alone and with all others,
// does what its comment says, and refuses invalid settings.
#include "envs/wrappers/wrappers.h"

#include <functional>

#include "envs/registry/environment_config.h"
#include "envs/registry/environment_laws.h"
#include "tests/envs/traces.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

EnvironmentConfig Pendulum(const std::function<void(EnvironmentConfig&)>& change) {
  EnvironmentConfig config;
  change(config);
  return config;
}

// A start state of `environment`, from a fixed seed.
Vector Reset(Environment& environment, std::uint64_t seed = 7) {
  Rng rng(seed);
  Vector observation(environment.spec().observation_size);
  environment.Reset(rng, observation);
  return observation;
}

}  // namespace

TEST_CASE("wrapped environments keep every law", "[envs][laws]") {
  const std::pair<const char*, EnvironmentConfig> cases[] = {
      {"limit", Pendulum([](auto& c) { c.step_limit = 60; })},
      {"repeat", Pendulum([](auto& c) { c.action_repeat = 3; })},
      {"scale", Pendulum([](auto& c) { c.action_scaling = true; })},
      {"delay", Pendulum([](auto& c) { c.action_delay = 2; })},
      {"reward", Pendulum([](auto& c) { c.reward_scale = 0.1; })},
      {"mask", Pendulum([](auto& c) {
         c.observation_mask = {1, 1, 0};
       })},
      {"noise", Pendulum([](auto& c) { c.observation_noise = {0.1}; })},
      {"frames", Pendulum([](auto& c) { c.frame_history = 3; })},
      {"uniform", Pendulum([](auto& c) {
         c.randomize.uniform["mass"] = {0.5, 1.5};
       })},
      {"normal", Pendulum([](auto& c) {
         c.randomize.normal["length"] = {1, 0.2};
       })},
      {"all", Pendulum([](auto& c) {
         c.parameters["gravity"] = {9.81};
         c.randomize.uniform["mass"] = {0.5, 1.5};
         c.randomize.normal["length"] = {1, 0.2};
         c.step_limit = 100;
         c.action_repeat = 2;
         c.action_scaling = true;
         c.action_delay = 3;
         c.reward_scale = 0.5;
         c.observation_mask = {1, 1, 0};
         c.observation_noise = {0.1, 0.2};
         c.frame_history = 4;
       })},
  };
  for (const auto& [what, config] : cases) {
    for (const LawResult& result : CheckEnvironment(*Make(config))) {
      INFO(what << ": " << result.law << ": " << result.detail);
      CHECK(result.holds);
    }
  }
}

TEST_CASE("a time limit truncates and does not terminate", "[envs]") {
  const auto environment = Make(Pendulum([](auto& c) { c.step_limit = 3; }));
  Vector observation = Reset(*environment);
  for (int episode = 0; episode < 2; ++episode) {
    for (int step = 1; step <= 3; ++step) {
      const StepResult result = environment->Step(Vector::Zero(1), observation);
      CHECK_FALSE(result.terminated);
      CHECK(result.truncated == (step == 3));
    }
    Reset(*environment);
  }
  CHECK(Make(EnvironmentConfig{})->spec().step_limit == 200);
}

TEST_CASE("a repeated action is several steps with their rewards added", "[envs]") {
  const auto repeated = Make(Pendulum([](auto& c) { c.action_repeat = 4; }));
  const auto single = Make(EnvironmentConfig{});
  Vector a = Reset(*repeated), b = Reset(*single);
  CHECK(repeated->spec().step_limit == 50);
  CHECK(repeated->spec().time_step == Approx(0.2));
  const Vector action = Vector::Constant(1, 0.7);
  double sum = 0;
  for (int i = 0; i < 4; ++i) sum += single->Step(action, b).reward;
  CHECK(repeated->Step(action, a).reward == sum);
  CHECK(a == b);

  // The limit of 200 steps is in the 67th group of three, which stops after two.
  const auto uneven = Make(Pendulum([](auto& c) { c.action_repeat = 3; }));
  a = Reset(*uneven);
  int steps = 0;
  for (StepResult result; !result.truncated; ++steps) result = uneven->Step(action, a);
  CHECK(steps == 67);
  CHECK(uneven->spec().step_limit == 67);
}

TEST_CASE("a delayed action acts later", "[envs]") {
  const auto delayed = Make(Pendulum([](auto& c) { c.action_delay = 2; }));
  const auto direct = Make(EnvironmentConfig{});
  Vector a = Reset(*delayed), b = Reset(*direct);
  const double asked[] = {1.0, -2.0, 0.5, 0.0, 0.0};
  const double acted[] = {0.0, 0.0, 1.0, -2.0, 0.5};
  for (int i = 0; i < 5; ++i) {
    delayed->Step(Vector::Constant(1, asked[i]), a);
    direct->Step(Vector::Constant(1, acted[i]), b);
    CHECK(a == b);
  }
}

TEST_CASE("actions and rewards are scaled, observations hidden", "[envs]") {
  const auto wrapped = Make(Pendulum([](auto& c) {
    c.action_scaling = true;
    c.reward_scale = 0.25;
    c.observation_mask = {0, 1, 1};
  }));
  const auto plain = Make(EnvironmentConfig{});
  Vector a = Reset(*wrapped), b = Reset(*plain);
  CHECK(a == b.tail(2));
  CHECK(wrapped->spec().action_high[0] == 1);
  const double reward = wrapped->Step(Vector::Constant(1, -0.5), a).reward;
  CHECK(reward == 0.25 * plain->Step(Vector::Constant(1, -1.0), b).reward);
  CHECK(a == b.tail(2));
}

TEST_CASE("frames hold the observations of the steps before", "[envs]") {
  const auto framed = Make(Pendulum([](auto& c) { c.frame_history = 3; }));
  const auto plain = Make(EnvironmentConfig{});
  Vector frames = Reset(*framed);
  std::vector<Vector> past(3, Reset(*plain));
  for (int step = 0; step < 5; ++step) {
    Vector expected(9);
    expected << past[0], past[1], past[2];
    CHECK(frames == expected);
    framed->Step(Vector::Constant(1, 1.0), frames);
    Vector now(3);
    plain->Step(Vector::Constant(1, 1.0), now);
    past = {now, past[0], past[1]};
  }
}

TEST_CASE("noise has its standard deviation and leaves the physics alone", "[envs]") {
  const auto noisy = Make(Pendulum([](auto& c) {
    c.observation_noise = {0.1, 0.0, 2.0};
    c.step_limit = 10000;
  }));
  const auto plain = Make(EnvironmentConfig{});
  Reset(*noisy);
  Vector a(3), b(3), sum = Vector::Zero(3), squares = Vector::Zero(3);
  plain->SetState(noisy->State());
  constexpr int kSteps = 5000;
  for (int i = 0; i < kSteps; ++i) {
    noisy->Step(Vector::Zero(1), a);
    plain->Step(Vector::Zero(1), b);
    sum += a - b;
    squares += (a - b).cwiseAbs2();
    if (i % 100 == 0) {
      Vector again(3);
      noisy->Observe(again);
      CHECK(again == a);
    }
  }
  CHECK(std::sqrt(squares[0] / kSteps) == Approx(0.1).epsilon(0.05));
  CHECK(squares[1] == 0);
  CHECK(std::sqrt(squares[2] / kSteps) == Approx(2.0).epsilon(0.05));
  CHECK(std::abs(sum[2] / kSteps) < 5 * 2.0 / std::sqrt(kSteps));
}

TEST_CASE("randomised parameters are drawn at each reset, within their range", "[envs]") {
  const auto environment = Make(Pendulum([](auto& c) {
    c.parameters["gravity"] = {9.81};
    c.randomize.uniform["mass"] = {0.5, 1.5};
    c.randomize.normal["length"] = {1, 0.25};
  }));
  const auto value = [&](const std::string& name) {
    for (const Parameter& p : environment->Parameters()) {
      if (p.name == name) return p.value[0];
    }
    throw std::runtime_error("no parameter " + name);
  };
  constexpr int kResets = 4000;
  double mass = 0, squares = 0, length = 0, length_squares = 0, lowest = 2, highest = 0;
  for (int i = 0; i < kResets; ++i) {
    Reset(*environment, static_cast<std::uint64_t>(i));
    CHECK(value("gravity") == 9.81);
    mass += value("mass");
    squares += value("mass") * value("mass");
    lowest = std::min(lowest, value("mass"));
    highest = std::max(highest, value("mass"));
    length += value("length") - 1;
    length_squares += (value("length") - 1) * (value("length") - 1);
  }
  CHECK(lowest >= 0.5);
  CHECK(highest <= 1.5);
  CHECK(mass / kResets == Approx(1.0).margin(0.03));
  CHECK(squares / kResets - 1 == Approx(1.0 / 12).margin(0.03));
  CHECK(length / kResets == Approx(0.0).margin(0.02));
  CHECK(std::sqrt(length_squares / kResets) == Approx(0.25).epsilon(0.05));
}

TEST_CASE("bad configurations are named errors", "[envs]") {
  const std::pair<const char*, EnvironmentConfig> cases[] = {
      {"unknown environment 'Pendulum-v2'; known: Pendulum-v1, ",
       Pendulum([](auto& c) { c.name = "Pendulum-v2"; })},
      {"unknown parameter 'mas'; known: gravity, mass, ",
       Pendulum([](auto& c) { c.parameters["mas"] = {1}; })},
      {"mass must be one number in", Pendulum([](auto& c) { c.parameters["mass"] = {-1}; })},
      {"mass must be one number in", Pendulum([](auto& c) {
         c.parameters["mass"] = {1, 2};
       })},
      {"unknown parameter 'lenth'; known: gravity, mass, ", Pendulum([](auto& c) {
         c.randomize.normal["lenth"] = {1, 1};
       })},
      {"needs two numbers", Pendulum([](auto& c) { c.randomize.uniform["mass"] = {1}; })},
      {"needs low <= high", Pendulum([](auto& c) {
         c.randomize.uniform["mass"] = {2, 1};
       })},
      {"needs low <= high", Pendulum([](auto& c) {
         c.randomize.uniform["mass"] = {-1, 1};
       })},
      {"standard deviation", Pendulum([](auto& c) {
         c.randomize.normal["mass"] = {1, -1};
       })},
      {"both as uniform and as normal", Pendulum([](auto& c) {
         c.randomize.uniform["mass"] = {1, 2};
         c.randomize.normal["mass"] = {1, 2};
       })},
      {"observation_mask must have 3", Pendulum([](auto& c) { c.observation_mask = {1}; })},
      {"observation_mask must be 0 or 1", Pendulum([](auto& c) {
         c.observation_mask = {1, 2, 1};
       })},
      {"hides every", Pendulum([](auto& c) {
         c.observation_mask = {0, 0, 0};
       })},
      {"observation_noise must have", Pendulum([](auto& c) {
         c.observation_noise = {1, 2};
       })},
      {"not negative", Pendulum([](auto& c) { c.observation_noise = {-1}; })},
      {"reward scale", Pendulum([](auto& c) { c.reward_scale = 0; })},
      {"step limit", Pendulum([](auto& c) { c.step_limit = -1; })},
      {"repeated at least once", Pendulum([](auto& c) { c.action_repeat = 0; })},
      {"delay", Pendulum([](auto& c) { c.action_delay = -1; })},
      {"at least two frames", Pendulum([](auto& c) { c.frame_history = 0; })},
      {"is a matrix", Pendulum([](auto& c) {
         c.name = "LinearQuadratic";
         c.randomize.uniform["A"] = {0, 1};
       })},
  };
  for (const auto& [message, config] : cases) {
    INFO(message);
    CHECK_THROWS_WITH(Make(config), test::ContainsText(message));
  }
}

}  // namespace nabla::envs
