#include "apps/nabla/options.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ranges.h>  // join

#include <cerrno>  // program_invocation_name
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "agent/state/file_io.h"
#include "agent/state/state_json.h"
#include "apps/text/text.h"
#include "config/nearest.h"
#include "config/scalar.h"

namespace nabla::apps {
namespace {

template <class Integer>
Integer ParseBetween(const std::string& flag, const std::string& text, Integer low, Integer high) {
  Integer value{};
  const std::string wrong = config::ParseScalar(text, &value);
  if (!wrong.empty()) throw CLI::ValidationError(flag, wrong);
  if (value >= low && value <= high) return value;
  const bool is_open = high == std::numeric_limits<Integer>::max();
  throw CLI::ValidationError(
      flag, fmt::format("{} is out of range; it must {}", text,
                        is_open ? fmt::format("be at least {}", low)
                                : fmt::format("lie between {} and {}", low, high)));
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// "missing argument 'run': Run folder" for the first required option that is absent, else "".
std::string MissingOption(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    return fmt::format("missing {} '{}': {}", option->nonpositional() ? "option" : "argument",
                       option->get_name(), option->get_description());
  }
  return "";
}

}  // namespace

void AddInteger(CLI::App& command, const std::string& flag, std::int64_t low, std::int64_t high,
                const std::string& doc, std::function<void(std::int64_t)> assign) {
  const auto read = [=](const std::string& text) { assign(ParseBetween(flag, text, low, high)); };
  command.add_option_function<std::string>(flag, read, doc)->type_name("N");
}

void AddSeed(CLI::App& command, const std::string& doc, std::function<void(std::uint64_t)> assign) {
  const auto read = [=](const std::string& text) {
    assign(ParseBetween<std::uint64_t>("--seed", text, 0, ~std::uint64_t{0}));
  };
  command.add_option_function<std::string>("--seed", read, doc)->type_name("N");
}

void AddCheckpoint(CLI::App& command, std::string& checkpoint) {
  command.add_option("--checkpoint", checkpoint, "best, latest (default) or a kept step")
      ->type_name("WHICH");
}

void AddJson(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print one JSON object");
}

Size ParseSize(const std::string& text, Size least, Size most) {
  Size size;
  int used = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &size.width, &size.height, &used) == 2 &&
      used == static_cast<int>(text.size()) && size.width >= least.width &&
      size.height >= least.height && size.width <= most.width && size.height <= most.height) {
    return size;
  }
  throw agent::InputError(
      fmt::format("--size: '{}' is not a size from {}x{} to {}x{}, such as 1920x1080", text,
                  least.width, least.height, most.width, most.height));
}

void AddOverrides(CLI::App& command, std::vector<std::string>& overrides) {
  command.add_option("--set", overrides, "Override a key of the task file; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->take_all();
}

void KeepLines(CLI::App& app) {
  const auto keep = [](auto& formatter) {
    if constexpr (requires { formatter.enable_footer_formatting(false); }) {
      formatter.enable_description_formatting(false);
      formatter.enable_footer_formatting(false);
      formatter.right_column_width(1000);
    }
  };
  keep(*app.get_formatter());
}

std::string UsageMessage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;  // the innermost command that was named
  std::string name = app.get_name();
  std::vector<std::string> extras = app.remaining();
  while (extras.empty() && !command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
    extras = command->remaining();
  }
  for (const std::string& extra : extras) {
    if (!extra.starts_with('-')) continue;
    const std::string option = extra.substr(0, extra.find('='));
    return "unknown option '" + option + "'" +
           config::DidYouMean(option, OptionNames(*command), "options of " + name);
  }
  const std::vector<std::string> commands = CommandNames(*command);
  if (!commands.empty()) {
    const std::string label = "commands of " + name;
    if (!extras.empty()) {
      return "unknown command '" + extras.front() + "'" +
             config::DidYouMean(extras.front(), commands, label);
    }
    if (command->get_subcommands().empty()) {
      return fmt::format("{} needs a command ({}: {})", name, label, fmt::join(commands, ", "));
    }
  }
  const std::string help = "; see " + name + " --help";
  if (!extras.empty()) return "unexpected argument '" + extras.front() + "'" + help;
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (const std::string missing = MissingOption(*command); !missing.empty())
      return missing + help;
  }
  return error.what() + help;
}

void PrintJson(const nlohmann::json& json) { std::puts(agent::JsonText(json).c_str()); }

std::string ShellCommand(const std::vector<std::string>& arguments) {
  std::string command = text::ShellWord(program_invocation_name);
  for (const std::string& argument : arguments) command += " " + text::ShellWord(argument);
  return command;
}

}  // namespace nabla::apps
