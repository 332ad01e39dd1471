// nabla check-env, nabla draw
#include <spdlog/fmt/fmt.h>

#include <memory>

#include "agent/state/file_io.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/policy_source.h"
#include "apps/viewer/drawing/svg.h"
#include "envs/registry/environment_laws.h"
#include "envs/registry/registry.h"

namespace nabla::apps {
namespace {

// 0 if every law holds, else 1.
int CheckEnv(const std::string& name) {
  int broken = 0;
  for (const envs::LawResult& result : envs::CheckEnvironment(*envs::Make(name))) {
    fmt::print("{}  {}  ({})\n", result.holds ? "holds " : "BROKEN", result.law, result.detail);
    if (!result.holds) ++broken;
  }
  fmt::print("{}: {}\n", name, broken == 0 ? "every law holds" : fmt::format("{} broken", broken));
  return broken == 0 ? 0 : kExitFailure;
}

struct DrawOptions {
  std::string name;
  std::string out = "frame.svg";
  std::string state;
  int frames = 1;
  int every = 10;
  std::uint64_t seed = 0;
  bool dark = false;
};

// One frame of the start state, or a film strip of random actions from there.
std::string Picture(envs::Environment& environment, const DrawOptions& options) {
  const envs::Spec& spec = environment.spec();
  const viewer::SvgOptions svg{.dark = options.dark};
  Rng rng(options.seed, "draw");
  envs::Vector observation(spec.observation_size);
  environment.Reset(rng, observation);
  if (!options.state.empty()) {
    environment.SetState(
        ParseNumbers(options.state, environment.State().size(), "the state of " + spec.name));
  }
  if (options.frames == 1) return viewer::SvgFrame(environment, envs::Vector(), svg);
  std::vector<viewer::Moment> moments;
  for (int step = 0; static_cast<int>(moments.size()) < options.frames; ++step) {
    envs::Vector action(spec.action_size);
    for (int i = 0; i < spec.action_size; ++i) {
      action[i] = rng.Uniform(spec.action_low[i], spec.action_high[i]);
    }
    if (step % options.every == 0) {
      moments.push_back({environment.State(), action, step * spec.time_step});
    }
    environment.Step(action, observation);
  }
  return viewer::SvgFilmStrip(environment, moments, svg);
}

void Draw(const DrawOptions& options) {
  const auto environment = envs::Make(options.name);
  agent::WriteFileAtomically(options.out, Picture(*environment, options));
  fmt::print("{}\n", agent::OneLine(options.out));
}

}  // namespace

void AddCheckEnv(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("check-env", "Check the laws that every environment must satisfy");
  auto name = std::make_shared<std::string>();
  command.add_option("name", *name, "Name of the environment")->required();
  command.footer("Example:\n  nabla check-env Pendulum-v1\n");
  command.callback([name, &exit_code] { exit_code = CheckEnv(*name); });
}

void AddDraw(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("draw", "Draw an environment as SVG");
  auto options = std::make_shared<DrawOptions>();
  command.add_option("name", options->name, "Name of the environment")->required();
  command.add_option("--out", options->out, "SVG file (default: frame.svg)");
  command.add_option("--state", options->state,
                     "State to draw, as comma-separated numbers (default: a random start state)");
  command
      .add_option("--frames", options->frames,
                  "Number of frames (default: 1); several make a film strip of random actions")
      ->check(CLI::Range(1, 1000));
  command
      .add_option("--every", options->every, "Steps between frames of the film strip (default: 10)")
      ->check(CLI::Range(1, 1'000'000));
  command.add_option("--seed", options->seed,
                     "Seed of the start state and the actions (default: 0)");
  command.add_flag("--dark", options->dark, "Dark background");
  command.footer("Example:\n  nabla draw Pendulum-v1 --out frame.svg --state 0.5,0\n");
  command.callback([options, &exit_code] { Draw(*options), exit_code = 0; });
}

}  // namespace nabla::apps
