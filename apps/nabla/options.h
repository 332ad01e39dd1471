// Options and messages that the commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace nabla::apps {

// Adds an option whose value is an integer from `low` to `high`. It is parsed as strictly as in a
// task file: "-1" does not wrap around, "010" is ten.
void AddInteger(CLI::App& command, const std::string& flag, std::int64_t low, std::int64_t high,
                const std::string& doc, std::function<void(std::int64_t)> assign);
template <class Target>
void AddInteger(CLI::App& command, const std::string& flag, Target& target, std::int64_t low,
                std::int64_t high, const std::string& doc) {
  AddInteger(command, flag, low, high, doc,
             [&target](std::int64_t value) { target = static_cast<Target>(value); });
}

// Adds --seed, from 0 to 2^64 − 1.
void AddSeed(CLI::App& command, const std::string& doc, std::function<void(std::uint64_t)> assign);
template <class Target>
void AddSeed(CLI::App& command, Target& seed, const std::string& doc) {
  AddSeed(command, doc, [&seed](std::uint64_t value) { seed = value; });
}

// Adds --checkpoint, the checkpoint of a run to read.
void AddCheckpoint(CLI::App& command, std::string& checkpoint);

// Adds --json.
void AddJson(CLI::App& command, bool& json);

// "1280x720", up to `most` pixels a side and not less than `least`. Throws InputError.
struct Size {
  int width = 0;
  int height = 0;
};
Size ParseSize(const std::string& text, Size least, Size most);

// Adds --set KEY=VALUE, which may be repeated.
void AddOverrides(CLI::App& command, std::vector<std::string>& overrides);

// Prevents CLI11 2.5 and newer from breaking the lines of help texts and examples. Call it before
// commands are added.
void KeepLines(CLI::App& app);

// The problem of a command line that `app` rejected, in one line with the nearest valid name.
std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error);

// Prints one JSON value as a line.
void PrintJson(const nlohmann::json& json);

// A shell command that runs this program as the user called it: "./nabla resume 'my runs/1'".
std::string ShellCommand(const std::vector<std::string>& arguments);

}  // namespace nabla::apps
