// nabla plot
#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <memory>

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/report/chart.h"
#include "apps/experiment/statistics/comparison.h"
#include "apps/nabla/commands.h"

namespace nabla::apps {
namespace {

struct PlotArguments {
  std::vector<std::string> paths;
  bool insist = false;
  std::string out = "curves.svg";
  std::string what = experiment::ChartKinds().front().name;
};

int Plot(const PlotArguments& options) {
  experiment::Comparison comparison = experiment::Collect(options.paths, options.insist);
  const experiment::Analysis all = experiment::Analyze(
      std::move(comparison.plan), std::move(comparison.results), experiment::AvailableCores());
  const auto charts = MakeCharts(all, options.what);
  for (const auto& file : experiment::WritePlots(charts, options.out)) {
    fmt::print("{}\n", agent::OneLine(file.string()));
  }
  for (const std::string& note : comparison.notes) {
    fmt::print(stderr, "Note: {}\n", agent::OneLine(note));
  }
  return 0;
}

}  // namespace

void AddPlot(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("plot", "Plot the results of experiments and runs as SVG or PNG");
  auto options = std::make_shared<PlotArguments>();
  command.add_option("paths", options->paths, "Experiment folders and run folders")
      ->required()
      ->type_name("DIR...");
  command.add_flag("--insist", options->insist,
                   "Compare runs of different tasks or with different evaluations, too");
  command
      .add_option(
          "--out", options->out,
          "Output file, .svg or .png (default: curves.svg); several tasks make one file each")
      ->type_name("FILE");
  std::vector<std::string> names;
  std::string meanings = "Kind of plot:";
  for (const experiment::ChartKind& kind : experiment::ChartKinds()) {
    names.emplace_back(kind.name);
    meanings += fmt::format(" {} ({}){}", kind.name, kind.meaning,
                            &kind == &experiment::ChartKinds().back() ? "" : ";");
  }
  command.add_option("--what", options->what, meanings)->check(CLI::IsMember(names));
  command.footer("Example:\n  nabla plot experiments/pendulum_td3_ablation --out curves.svg\n");
  command.callback([options, &exit_code] { exit_code = Plot(*options); });
}

}  // namespace nabla::apps
