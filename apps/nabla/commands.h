// The commands of the program. Each adds itself to the command line; its callback returns through
// `exit_code`.
#pragma once

#include <CLI/CLI.hpp>

namespace nabla::apps {

inline constexpr int kExitFailure = 1;  // failed while running
inline constexpr int kExitUsage = 2;    // bad usage or input

void AddTrain(CLI::App& app, int& exit_code);
void AddResume(CLI::App& app, int& exit_code);
void AddEvaluate(CLI::App& app, int& exit_code);
void AddList(CLI::App& app, int& exit_code);
void AddConfig(CLI::App& app, int& exit_code);
void AddInspect(CLI::App& app, int& exit_code);
void AddLinearize(CLI::App& app, int& exit_code);
void AddCheckEnv(CLI::App& app, int& exit_code);
void AddDraw(CLI::App& app, int& exit_code);
void AddRecord(CLI::App& app, int& exit_code);
void AddExperiment(CLI::App& app, int& exit_code);
void AddReport(CLI::App& app, int& exit_code);
void AddCompare(CLI::App& app, int& exit_code);
void AddWatch(CLI::App& app, int& exit_code);
void AddPlot(CLI::App& app, int& exit_code);

}  // namespace nabla::apps
