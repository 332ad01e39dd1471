// The commands of the program, one .cc file each.
//
// A new command is a file with its Add function, named in CMakeLists.txt and in this header.
#pragma once

#include <CLI/CLI.hpp>

namespace nabla::apps {

inline constexpr int kExitFailure = 1;  // failed while running
inline constexpr int kExitUsage = 2;    // invalid usage or input

// Adds a command to the command line. Its callback sets `exit_code`.
using AddCommand = void(CLI::App& app, int& exit_code);

AddCommand AddTrain, AddResume, AddEvaluate, AddList, AddConfig, AddInspect, AddLinearize,
    AddCheckEnv, AddDraw, AddRecord, AddExperiment, AddReport, AddCompare, AddWatch, AddPlot;

// In the order in which --help lists them.
inline constexpr AddCommand* kCommands[] = {
    AddTrain,      AddResume,    AddEvaluate, AddList,  AddConfig,
    AddInspect,    AddLinearize, AddCheckEnv, AddDraw,  AddRecord,
    AddExperiment, AddReport,    AddCompare,  AddWatch, AddPlot,
};

}  // namespace nabla::apps
