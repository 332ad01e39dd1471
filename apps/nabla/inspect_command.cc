// nabla inspect: what a policy does at one observation, and why; and a check of every derivative.
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "agent/policy/networks.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/policy_source.h"
#include "nn/network/derivative_check.h"

namespace nabla::apps {
namespace {

struct InspectArguments {
  std::string path;
  std::string checkpoint = "latest";
  std::string observation;
  bool check = false;
  bool json = false;
};

// What is printed of a network.
struct NetworkReport {
  const agent::NamedNetwork* named;
  std::vector<double> norms;  // ‖∂y/∂θ_k‖_F of each layer k at the input
  std::vector<nn::DerivativeCheck> checks;

  std::string Layer(std::size_t k) const {
    return std::to_string(k) + " " + named->network.Spec().layers[k].Text();
  }
};

NetworkReport LookAt(const agent::NamedNetwork& named, const agent::Vector& input, bool check) {
  const nn::Network& network = named.network;
  nn::Tape tape = network.MakeTape(1, {.jacobian = true});
  network.Forward(input, tape);
  NetworkReport report = {&named, agent::WeightJacobianNorms(network, tape), {}};
  if (check) {
    const auto& theta = network.parameters();
    report.checks = nn::CheckDerivatives(network.Spec(), {theta.begin(), theta.end()},
                                         {input.begin(), input.end()}, 1);
  }
  return report;
}

// What is printed.
struct Report {
  agent::Vector observation;
  agent::Policy::Linearization at;
  agent::ActionValue value;
  std::vector<NetworkReport> networks;
};

// The given observation, or that of a start state.
agent::Vector Observation(const PolicySource& policy, const std::string& text) {
  const envs::Spec& spec = policy.environment->spec();
  envs::Vector observation(spec.observation_size);
  if (!text.empty()) {
    observation = ParseNumbers(text, spec.observation_size, "the observation of " + spec.name);
  } else {
    Rng rng(0, "inspect");
    policy.environment->Clone()->Reset(rng, observation);
  }
  return observation.cast<agent::Real>();
}

Report Look(const PolicySource& policy, const InspectArguments& options) {
  Report report;
  report.observation = Observation(policy, options.observation);
  report.at = policy.saved.policy.Linearize(report.observation);
  report.value = agent::ValueOf(policy.critic(), report.observation, report.at.u);
  const agent::Vector critic_input = agent::CriticInput(report.observation, report.at.u);
  for (const agent::NamedNetwork& named : policy.saved.networks) {
    const bool is_actor = named.network.input_size() == report.observation.size();
    report.networks.push_back(
        LookAt(named, is_actor ? report.observation : critic_input, options.check));
  }
  return report;
}

template <class V>
std::vector<double> List(const V& vector) {
  return {vector.begin(), vector.end()};
}

void PrintReport(const Report& report, bool check) {
  nlohmann::json json = {{"observation", List(report.observation)},
                         {"action", List(report.at.u)},
                         {"environment_action", List(report.at.action)},
                         {"q", report.value.q},
                         {"dq_da", List(report.value.dq_du)},
                         {"da_do", nlohmann::json::array()},
                         {"layers", nlohmann::json::array()}};
  for (Eigen::Index i = 0; i < report.at.du_dobservation.rows(); ++i) {
    const agent::Vector row = report.at.du_dobservation.row(i);
    json["da_do"].push_back(List(row));
  }
  if (check) json["checks"] = nlohmann::json::array();
  for (const NetworkReport& network : report.networks) {
    for (std::size_t k = 0; k < network.norms.size(); ++k) {
      json["layers"].push_back({{"network", network.named->name},
                                {"layer", network.Layer(k)},
                                {"weight_jacobian_norm", network.norms[k]}});
    }
    for (const nn::DerivativeCheck& row : network.checks) {
      json["checks"].push_back({{"network", network.named->name},
                                {"layer", row.layer},
                                {"quantity", row.quantity},
                                {"worst_relative_error", row.worst_relative_error}});
    }
  }
  PrintJson(json);
}

template <class V>
std::string Numbers(const V& vector) {
  std::string text;
  for (const auto value : vector) text += fmt::format("{}{:.5g}", text.empty() ? "" : "  ", value);
  return text;
}

void PrintText(const PolicySource& policy, const Report& report, bool check) {
  fmt::print("{}\n\n", policy.where);
  fmt::print("observation o    {}\n", Numbers(report.observation));
  fmt::print("action mu(o)     {}   (the environment's: {})\n", Numbers(report.at.u),
             Numbers(report.at.action));
  fmt::print("Q(o, mu(o))      {:.6g}\n", report.value.q);
  fmt::print("dQ/da            {}\n", Numbers(report.value.dq_du));
  for (Eigen::Index i = 0; i < report.at.du_dobservation.rows(); ++i) {
    const agent::Vector row = report.at.du_dobservation.row(i);
    fmt::print("da{}/do           {}   (local feedback gain)\n", i, Numbers(row));
  }
  fmt::print("\n{:<12} {:<34} {}\n", "network", "layer", "norm of the weight Jacobian");
  for (const NetworkReport& network : report.networks) {
    for (std::size_t k = 0; k < network.norms.size(); ++k) {
      fmt::print("{:<12} {:<34} {:.5g}\n", network.named->name, network.Layer(k), network.norms[k]);
    }
  }
  if (!check) return;
  fmt::print("\n{:<12} {:<34} {:<34} {}\n", "network", "layer", "quantity", "worst relative error");
  for (const NetworkReport& network : report.networks) {
    for (const nn::DerivativeCheck& row : network.checks) {
      fmt::print("{:<12} {:<34} {:<34} {:.2g}\n", network.named->name, row.layer, row.quantity,
                 row.worst_relative_error);
    }
  }
}

void Inspect(const InspectArguments& options) {
  const PolicySource policy = ReadPolicy(options.path, options.checkpoint);
  const Report report = Look(policy, options);
  if (options.json) {
    PrintReport(report, options.check);
  } else {
    PrintText(policy, report, options.check);
  }
}

}  // namespace

void AddInspect(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "inspect", "What a policy does at an observation, and the derivatives that say why");
  auto options = std::make_shared<InspectArguments>();
  command.add_option("run", options->path, "Run folder, or a task file (untrained)")->required();
  command.add_option("--observation", options->observation,
                     "Comma-separated numbers (default: the observation of a start state)");
  AddCheckpoint(command, options->checkpoint);
  command.add_flag("--check", options->check,
                   "Check every derivative of the networks against central differences");
  AddJson(command, options->json);
  command.footer("Example:\n  nabla inspect runs/latest --observation 1,0,0 --check\n");
  command.callback([options, &exit_code] { Inspect(*options), exit_code = 0; });
}

}  // namespace nabla::apps
