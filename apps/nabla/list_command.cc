// nabla list
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/algorithms/algorithms.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/text/text.h"
#include "envs/registry/environment_description.h"
#include "envs/registry/registry.h"
#include "nn/kernels/activation.h"

namespace nabla::apps {
namespace {

std::string Bounds(const envs::Vector& low, const envs::Vector& high) {
  std::string text;
  for (Eigen::Index i = 0; i < low.size(); ++i) {
    text += fmt::format("{}[{:g}, {:g}]", i == 0 ? "" : " ", low[i], high[i]);
  }
  return text;
}

// Infinite bounds of the reward are null, since JSON has no infinity.
void PrintEnvironmentsAsJson() {
  nlohmann::json list = nlohmann::json::array();
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    const auto environment = entry.make();
    const envs::Spec& spec = environment->spec();
    list.push_back({{"name", spec.name},
                    {"states", spec.state_size},
                    {"observations", spec.observation_size},
                    {"actions", spec.action_size},
                    {"action_low", std::vector(spec.action_low.begin(), spec.action_low.end())},
                    {"action_high", std::vector(spec.action_high.begin(), spec.action_high.end())},
                    {"time_step_seconds", spec.time_step},
                    {"step_limit", spec.step_limit},
                    {"reward_low", spec.reward_low},
                    {"reward_high", spec.reward_high},
                    {"derivatives", environment->differentiable() != nullptr},
                    {"summary", entry.summary}});
  }
  PrintJson(list);
}

void ListEnvironments() {
  using Row = std::array<std::string, 9>;
  std::vector<Row> rows = {{"name", "obs", "actions", "action bounds", "step s", "limit",
                            "reward per step", "derivatives", "task"}};
  for (const envs::EnvironmentEntry& entry : envs::Registry()) {
    const auto environment = entry.make();
    const envs::Spec& spec = environment->spec();
    rows.push_back({spec.name, std::to_string(spec.observation_size),
                    std::to_string(spec.action_size), Bounds(spec.action_low, spec.action_high),
                    fmt::format("{:.4g}", spec.time_step), std::to_string(spec.step_limit),
                    fmt::format("[{:.4g}, {:.4g}]", spec.reward_low, spec.reward_high),
                    environment->differentiable() != nullptr ? "exact" : "none", entry.summary});
  }
  std::array<std::size_t, 9> widths = {};
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], text::Width(row[c]));
    }
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c + 1 < row.size(); ++c) {
      const bool is_number = c == 1 || c == 2 || c == 4 || c == 5;
      line += text::Padded(row[c], widths[c], is_number ? text::Align::kRight : text::Align::kLeft);
      line += "  ";
    }
    fmt::print("{}{}\n", line, row.back());
  }
}

void ListAlgorithms() {
  for (const agent::AlgorithmEntry& entry : agent::Algorithms()) {
    fmt::print("{:<8} {}\n", entry.name, entry.summary);
  }
}

void ListActivations() {
  for (const nn::Activation& activation : nn::Activations()) {
    fmt::print("{:<12} {}\n", activation.name, activation.formula);
  }
}

}  // namespace

void AddList(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("list", "List environments, algorithms and activations");
  command.require_subcommand(1);
  const auto add = [&](const std::string& name, const char* doc, const char* example,
                       std::function<void()> print) -> CLI::App& {
    CLI::App& list = *command.add_subcommand(name, doc);
    list.footer(std::string("Example:\n  ") + example + "\n");
    list.callback([print, &exit_code] { print(), exit_code = 0; });
    return list;
  };
  auto environment = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App& list_environments =
      add("envs", "Environments", "nabla list envs Pendulum-v1", [environment, json] {
        if (*json) return PrintEnvironmentsAsJson();
        if (environment->empty()) return ListEnvironments();
        fmt::print("{}\n", envs::FormatDescription(*envs::Make(*environment)));
      });
  CLI::Option* name = list_environments.add_option(
      "name", *environment, "Describe one environment: equations, parameters and their ranges");
  name->type_name("NAME");
  list_environments.add_flag("--json", *json, "Print one JSON array of all environments")
      ->excludes(name);
  add("algorithms", "Learning algorithms", "nabla list algorithms", ListAlgorithms);
  add("activations", "Activation functions", "nabla list activations", ListActivations);
  command.footer("Example:\n  nabla list envs\n");
}

}  // namespace nabla::apps
