// What the commands share in reading their arguments.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace nabla::apps {

// An option whose value is a whole number from `low` to `high`, as strict as a task file: "-1" does
// not wrap around, "010" is ten.
void AddWholeNumber(CLI::App& command, const std::string& flag, std::int64_t low, std::int64_t high,
                    const std::string& doc, std::function<void(std::int64_t)> assign);

// A seed: 0 to 2^64 − 1.
void AddSeed(CLI::App& command, const std::string& doc, std::function<void(std::uint64_t)> assign);

// --set key=value, any number of times.
void AddOverrides(CLI::App& command, std::vector<std::string>& overrides);

// Help texts as they are written, examples too: CLI11 breaks their lines from 2.5 on. To be called
// before commands are added.
void KeepLines(CLI::App& app);

// What is wrong with a command line that `app` refused, in one line with the nearest valid name.
std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error);

// A shell command that runs this program as the user did: "./nabla resume 'my runs/1'".
std::string ShellCommand(const std::vector<std::string>& arguments);

}  // namespace nabla::apps
