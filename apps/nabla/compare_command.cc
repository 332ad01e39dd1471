// nabla compare
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/report/summary_tables.h"
#include "apps/experiment/statistics/comparison.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"

namespace nabla::apps {
namespace {

struct CompareArguments {
  std::vector<std::string> paths;
  bool insist = false;
  bool json = false;
  bool markdown = false;
};

int Compare(const CompareArguments& options) {
  experiment::Comparison comparison = experiment::Collect(options.paths, options.insist);
  const experiment::Analysis all = experiment::Analyze(
      std::move(comparison.plan), std::move(comparison.results), experiment::AvailableCores());
  if (options.json) {
    nlohmann::json json = ToJson(all);
    json["notes"] = comparison.notes;
    PrintJson(json);
    return 0;
  }
  for (const experiment::Table& table : SummaryTables(all)) {
    fmt::print("{}\n", options.markdown ? ToMarkdown(table) : ToText(table));
  }
  const auto shown = [&](const std::string& text) {
    return options.markdown ? experiment::MarkdownText(text) : agent::OneLine(text);
  };
  if (all.plan.averages()) fmt::print("{}\n", shown(Conclusion(all)));
  for (const std::string& note : comparison.notes) fmt::print("Note: {}\n", shown(note));
  return 0;
}

}  // namespace

void AddCompare(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "compare", "Compare experiments and runs in a table with confidence intervals");
  auto options = std::make_shared<CompareArguments>();
  command.add_option("paths", options->paths, "Experiment folders and run folders")
      ->required()
      ->type_name("DIR...");
  command.add_flag("--insist", options->insist,
                   "Compare runs of different tasks or with different evaluations, too");
  CLI::Option* json = command.add_flag("--json", options->json, "Print one JSON object");
  command.add_flag("--markdown", options->markdown, "Print Markdown tables")->excludes(json);
  command.footer("Example:\n  nabla compare experiments/pendulum_td3_ablation\n");
  command.callback([options, &exit_code] { exit_code = Compare(*options); });
}

}  // namespace nabla::apps
