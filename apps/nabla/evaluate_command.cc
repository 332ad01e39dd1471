// nabla evaluate
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "agent/training/evaluation.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/policy_source.h"

namespace nabla::apps {
namespace {

struct EvaluateArguments {
  std::string run;
  std::string checkpoint = "latest";
  int episodes = 100;
  std::uint64_t seed = 0;
  bool json = false;
};

int Evaluate(const EvaluateArguments& options) {
  const agent::RunPaths run = agent::FindRun(options.run);
  const PolicySource policy = ReadPolicy(run.root.string(), options.checkpoint);
  const std::int64_t step = policy.saved.step;
  // A separate stream: these episodes were used neither in training nor to select the best
  // checkpoint.
  const agent::EvaluationResult result = agent::Evaluate(
      policy.saved.policy, *policy.environment, options.episodes, options.seed, "evaluate");
  const auto& returns = result.returns;
  if (options.json) {
    PrintJson({{"run", run.root.string()},
               {"checkpoint", options.checkpoint},
               {"step", step},
               {"episodes", options.episodes},
               {"seed", options.seed},
               {"return_mean", agent::Mean(returns)},
               {"return_std", agent::StandardDeviation(returns)},
               {"return_iqm", agent::InterquartileMean(returns)},
               {"return_min", agent::Minimum(returns)},
               {"return_max", agent::Maximum(returns)},
               {"length_mean", agent::Mean(result.lengths)}});
    return 0;
  }
  fmt::print("run          {}\n", agent::OneLine(run.root.string()));
  fmt::print("checkpoint   {} (step {})\n", agent::OneLine(options.checkpoint), step);
  fmt::print("episodes     {} (seed {})\n", options.episodes, options.seed);
  fmt::print("return       mean {:.2f}  std {:.2f}  iqm {:.2f}  min {:.2f}  max {:.2f}\n",
             agent::Mean(returns), agent::StandardDeviation(returns),
             agent::InterquartileMean(returns), agent::Minimum(returns), agent::Maximum(returns));
  fmt::print("length       mean {:.1f}\n", agent::Mean(result.lengths));
  return 0;
}

}  // namespace

void AddEvaluate(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("evaluate", "Evaluate what a run has learned");
  auto options = std::make_shared<EvaluateArguments>();
  command.add_option("run", options->run, "Run folder")->required()->type_name("DIR");
  AddInteger(command, "--episodes", options->episodes, 1, 1'000'000,
             "Episodes to play, without exploration noise (default: 100)");
  AddSeed(command, options->seed, "Seed of the start states (default: 0)");
  AddCheckpoint(command, options->checkpoint);
  AddJson(command, options->json);
  command.footer(
      "Example:\n  nabla evaluate runs/latest --episodes 100 --checkpoint best --json\n");
  command.callback([options, &exit_code] { exit_code = Evaluate(*options); });
}

}  // namespace nabla::apps
