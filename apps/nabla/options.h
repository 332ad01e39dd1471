// Options and messages that the commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace nabla::apps {

// Adds an option whose value is an integer from `low` to `high`. It is parsed as strictly as in a
// task file: "-1" does not wrap around, "010" is ten.
void AddInteger(CLI::App& command, const std::string& flag, std::int64_t low, std::int64_t high,
                const std::string& doc, std::function<void(std::int64_t)> assign);

// Adds --seed, from 0 to 2^64 − 1.
void AddSeed(CLI::App& command, const std::string& doc, std::function<void(std::uint64_t)> assign);

// Adds --set KEY=VALUE, which may be repeated.
void AddOverrides(CLI::App& command, std::vector<std::string>& overrides);

// Prevents CLI11 2.5 and newer from breaking the lines of help texts and examples. Call it before
// commands are added.
void KeepLines(CLI::App& app);

// The problem of a command line that `app` rejected, in one line with the nearest valid name.
std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error);

// A shell command that runs this program as the user called it: "./nabla resume 'my runs/1'".
std::string ShellCommand(const std::vector<std::string>& arguments);

}  // namespace nabla::apps
