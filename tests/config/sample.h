// A config with every kind of field, in the shape of a training run.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nabla::config {

enum class ScheduleSample { kConstant, kLinear, kCosine };
constexpr std::array<const char*, 3> Words(ScheduleSample) {
  return {"constant", "linear", "cosine"};
}

struct NetworkSample {
  std::vector<int> hidden = {64, 64};
  std::string activation = "silu";
  std::optional<double> final_scale;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("hidden", hidden, "Units of each hidden layer").AtLeast(1);
    ar("activation", activation, "Function between the layers").OneOf({"relu", "silu", "tanh"});
    ar("final_scale", final_scale, "Scale of the last layer's first weights").Above(0);
  }
};

struct Td3Sample {
  static constexpr const char* kName = "TD3";
  double gamma = 0.99;
  int batch = 256;
  int policy_delay = 2;
  ScheduleSample schedule = ScheduleSample::kLinear;
  NetworkSample actor;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("gamma", gamma, "Discount factor (Sutton & Barto 2018, eq. 3.8)").Between(0, 1);
    ar("batch", batch, "Transitions a gradient step").AtLeast(1);
    ar("policy_delay", policy_delay, "Critic steps an actor step").AtLeast(1);
    ar("schedule", schedule, "Learning rates over the fraction of training done");
    ar("actor", actor, "Policy network");
  }
};

struct SacSample {
  static constexpr const char* kName = "SAC";
  double gamma = 0.98;
  std::optional<double> entropy_target = -1.0;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("gamma", gamma, "Discount factor").Between(0, 1);
    ar("entropy_target", entropy_target, "Wanted entropy; null for minus the action dimension");
  }
};

struct AgentSample {
  std::variant<Td3Sample, SacSample> algorithm;

  template <class Archive>
  void Visit(Archive& ar) {
    ar.Choice("algorithm", algorithm, "Learning algorithm");
  }
};

struct RunSample {
  std::uint64_t seed = 1;
  std::int64_t steps = 20000;
  bool quiet = false;
  std::string name = "first run";
  AgentSample agent;
  std::map<std::string, std::vector<double>> parameters = {{"mass", {1.0}}, {"gains", {0.1, 1e-5}}};
  std::vector<std::string> tags;
  std::optional<NetworkSample> encoder;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("seed", seed, "Seed of all random streams");
    ar("steps", steps, "Environment steps").AtLeast(0);
    ar("quiet", quiet, "Print nothing");
    ar("name", name, "What the run is called");
    ar("agent", agent, "What learns");
    ar("parameters", parameters, "Constants of the environment that are not at their default");
    ar("tags", tags, "Words to find the run by");
    ar("encoder", encoder, "Network before actor and critic, if any");
  }
};

}  // namespace nabla::config
