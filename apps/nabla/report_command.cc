// nabla report
#include "apps/experiment/report/report.h"

#include <spdlog/fmt/fmt.h>

#include <memory>

#include "apps/nabla/commands.h"

namespace nabla::apps {

void AddReport(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "report", "Write the tables, plots and report page of an experiment from its files");
  auto folder = std::make_shared<std::string>();
  command.add_option("folder", *folder, "Experiment folder")->required()->type_name("DIR");
  command.footer("Example:\n  nabla report experiments/pendulum_td3_ablation\n");
  command.callback([folder, &exit_code] {
    const experiment::ReportFiles written = experiment::WriteReport({*folder});
    for (const auto& file : written.files) {
      fmt::print("{}\n", agent::OneLine(file.string()));
    }
    if (!written.note.empty()) {
      fmt::print(stderr, "{}\n", agent::OneLine(written.note));
    }
    exit_code = written.failed ? kExitFailure : 0;
  });
}

}  // namespace nabla::apps
