// nabla linearize: the closed loop of environment and policy around a state.
//
//   s' = f(s, a),  a = π(o(s)) in the environment's units
//   δs' = (A + B K) δs,   A = ∂s'/∂s,  B = ∂s'/∂a,  K = ∂π/∂o · ∂o/∂s
#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/policy_source.h"
#include "envs/core/spectrum.h"

namespace nabla::apps {
namespace {

struct LinearizeArguments {
  std::string path;
  std::string checkpoint = "latest";
  std::string state;
  bool json = false;
};

struct ClosedLoop {
  envs::Vector state;
  envs::Vector action;  // the environment's
  envs::Matrix a, b, k;
  double drift = 0;  // ‖s' − s‖: 0 at an equilibrium
  Eigen::VectorXcd eigenvalues;
};

ClosedLoop Linearize(const PolicySource& policy, const std::string& text) {
  const envs::Spec& spec = policy.environment->spec();
  ClosedLoop loop;
  loop.state = text.empty() ? envs::Vector::Zero(spec.state_size)
                            : ParseNumbers(text, spec.state_size, "the state of " + spec.name);
  const auto environment = policy.environment->Clone();
  environment->SetState(loop.state);
  envs::Vector observation(spec.observation_size);
  environment->Observe(observation);
  const agent::Vector seen = observation.cast<agent::Real>();
  const agent::Policy::Linearization at = policy.saved.policy.Linearize(seen);
  loop.action = at.action;
  envs::StepDerivatives step;
  envs::RequireDerivatives(*environment, "nabla linearize")
      .Derivatives(loop.state, loop.action, step);
  loop.a = step.dnext_dstate;
  loop.b = step.dnext_daction;
  loop.k = at.daction_dobservation * step.dobservation_dstate;
  loop.drift = (step.next_state - loop.state).norm();
  loop.eigenvalues = envs::Eigenvalues(loop.a + loop.b * loop.k);
  return loop;
}

double SpectralRadius(const ClosedLoop& loop) { return loop.eigenvalues.cwiseAbs().maxCoeff(); }

// The time in which the slowest mode falls (or grows) by e, in seconds; infinite on the circle.
double SlowestMode(const ClosedLoop& loop, double time_step) {
  return time_step / std::fabs(std::log(SpectralRadius(loop)));
}

std::string Sentence(const ClosedLoop& loop, double time_step) {
  const double radius = SpectralRadius(loop);
  std::string text =
      fmt::format("The closed loop is {} in {:.3g} s (|eigenvalue| {:.6f}).",
                  radius < 1 ? "stable here: the slowest mode decays by 1/e"
                             : "not stable here: the fastest growing mode grows by e",
                  SlowestMode(loop, time_step), radius);
  if (loop.drift > 1e-6) {
    text +=
        fmt::format(" The state is not an equilibrium: one step moves it by {:.3g}.", loop.drift);
  }
  return text;
}

std::vector<std::vector<double>> Rows(const envs::Matrix& matrix) {
  std::vector<std::vector<double>> rows;
  for (const auto& row : matrix.rowwise()) rows.emplace_back(row.begin(), row.end());
  return rows;
}

void PrintReport(const ClosedLoop& loop, double time_step) {
  nlohmann::json eigenvalues = nlohmann::json::array();
  for (const auto& value : loop.eigenvalues) eigenvalues.push_back({value.real(), value.imag()});
  PrintJson({{"state", std::vector<double>(loop.state.begin(), loop.state.end())},
             {"action", std::vector<double>(loop.action.begin(), loop.action.end())},
             {"A", Rows(loop.a)},
             {"B", Rows(loop.b)},
             {"K", Rows(loop.k)},
             {"eigenvalues", eigenvalues},
             {"spectral_radius", SpectralRadius(loop)},
             {"stable", SpectralRadius(loop) < 1},
             {"slowest_mode_seconds", SlowestMode(loop, time_step)},
             {"drift", loop.drift},
             {"summary", Sentence(loop, time_step)}});
}

void PrintMatrix(const char* title, const envs::Matrix& matrix) {
  fmt::print("{}\n", title);
  for (const auto& row : matrix.rowwise()) {
    for (const double value : row) fmt::print(" {:>12.6g}", value);
    fmt::print("\n");
  }
}

void PrintText(const PolicySource& policy, const ClosedLoop& loop, double time_step) {
  fmt::print("{}\n\n", policy.where);
  PrintMatrix("state s", loop.state.transpose());
  PrintMatrix("action a", loop.action.transpose());
  PrintMatrix("A = ds'/ds", loop.a);
  PrintMatrix("B = ds'/da", loop.b);
  PrintMatrix("K = da/do do/ds", loop.k);
  fmt::print("eigenvalues of A + B K\n");
  for (const auto& value : loop.eigenvalues) {
    fmt::print(" {:>12.6g} {:+.6g} i   |.| = {:.6f}\n", value.real(), value.imag(),
               std::abs(value));
  }
  fmt::print("\n{}\n", Sentence(loop, time_step));
}

void Run(const LinearizeArguments& options) {
  const PolicySource policy = ReadPolicy(options.path, options.checkpoint);
  const ClosedLoop loop = Linearize(policy, options.state);
  const double time_step = policy.environment->spec().time_step;
  if (options.json) {
    PrintReport(loop, time_step);
  } else {
    PrintText(policy, loop, time_step);
  }
}

}  // namespace

void AddLinearize(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "linearize", "The closed loop around a state: A, B, K, eigenvalues, stable or not");
  auto options = std::make_shared<LinearizeArguments>();
  command.add_option("run", options->path, "Run folder, or a task file (untrained)")->required();
  command.add_option("--state", options->state,
                     "Comma-separated numbers (default: all 0, upright at rest)");
  AddCheckpoint(command, options->checkpoint);
  AddJson(command, options->json);
  command.footer("Example:\n  nabla linearize runs/latest --state 0,0\n");
  command.callback([options, &exit_code] { Run(*options), exit_code = 0; });
}

}  // namespace nabla::apps
