#include "agent/run/memory.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>

#include "agent/state/file_io.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;

struct NetworkSize {
  double parameters = 0;
  double units = 0;  // outputs of all layers
};

void AddLayers(const std::vector<nn::LayerSpec>& layers, NetworkSize& size) {
  for (const nn::LayerSpec& layer : layers) {
    const auto in = static_cast<double>(layer.input_size);
    const auto out = static_cast<double>(layer.output_size);
    if (layer.kind == "linear") size.parameters += (in + 1) * out;
    if (layer.kind == "layer_norm") size.parameters += 2 * out;
    size.units += out;
    AddLayers(layer.inner, size);
  }
}

NetworkSize SizeOf(const nn::NetworkConfig& config, double inputs, double outputs) {
  NetworkSize size;
  AddLayers(
      nn::LayersOf(config, static_cast<Index>(inputs), static_cast<Index>(outputs), "identity"),
      size);
  return size;
}

// The number of critics and of the outputs of each.
std::pair<double, double> CriticsOf(const DdpgConfig&) { return {1, 1}; }
std::pair<double, double> CriticsOf(const TqcConfig& own) { return {own.critics, own.quantiles}; }
template <class Config>
std::pair<double, double> CriticsOf(const Config& own) {
  return {own.ensemble.size, 1};
}

// The number at the start of a file; infinity without one ("max").
double LimitIn(const fs::path& file) {
  std::ifstream in(file);
  double limit = 0;
  return in >> limit ? limit : std::numeric_limits<double>::infinity();
}

// The smallest limit of the group and of those that contain it.
double LimitOfGroup(const fs::path& mount, const fs::path& group, const char* file) {
  double limit = LimitIn(mount / file);
  fs::path folder = mount;
  for (const fs::path& name : group.relative_path()) {
    folder /= name;
    limit = std::min(limit, LimitIn(folder / file));
  }
  return limit;
}

}  // namespace

std::vector<MemoryShare> MemoryNeeded(const TaskConfig& config) {
  const envs::Spec spec = envs::Make(config.environment)->spec();
  const double o = spec.observation_size, a = spec.action_size, real = sizeof(Real);
  const auto columns = static_cast<double>(config.trainer.buffer_size) + config.trainer.envs;
  const bool has_tree = config.trainer.priority.alpha > 0;
  const auto leaves = has_tree ? std::bit_ceil(static_cast<std::uint64_t>(columns)) : 0;
  const auto [critics, outputs] =
      std::visit([](const auto& own) { return CriticsOf(own); }, config.agent.algorithm);
  const ActorCriticConfig& shared = SharedConfig(config.agent.algorithm);
  const NetworkSize actor = SizeOf(shared.actor, o, 2 * a);
  const NetworkSize critic = SizeOf(shared.critic, o + a, outputs);
  // The network, its transpose in the tape, its gradient and two moments; the target and its tape.
  constexpr double kCopies = 7;
  // Outputs, cotangents and what layers keep, in the tapes of the network and of the target.
  constexpr double kPerUnit = 6;
  const double samples = shared.batch_size;
  const std::string frames =
      config.environment.frame_history > 1 ? ", environment.frame_history" : "";
  return {
      {columns * (o + a + 2) * real + 2.0 * static_cast<double>(leaves) * sizeof(double),
       "trainer.buffer_size" + frames},
      {kCopies * actor.parameters * real, "agent.actor.hidden" + frames},
      {kCopies * critics * critic.parameters * real,
       "agent.critic.hidden, the number of critics" + frames},
      {samples * real *
           (kPerUnit * (actor.units + critics * critic.units) + 2 * (o + a) * (2 + 2 * critics)),
       "agent.batch_size, the hidden units" + frames}};
}

double MemoryLimit(const fs::path& root) {
  double limit =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // number:controllers:path
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path mount = root / "sys/fs/cgroup", group = line.substr(second + 1);
    if (controllers == ",,") {
      limit = std::min(limit, LimitOfGroup(mount, group, "memory.max"));
    } else if (controllers.find(",memory,") != std::string::npos) {
      limit = std::min(limit, LimitOfGroup(mount / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return limit;
}

void RequireMemory(const TaskConfig& config, double limit) {
  const std::vector<MemoryShare> shares = MemoryNeeded(config);
  double needed = 0;
  for (const MemoryShare& share : shares) needed += share.bytes;
  if (needed <= limit) return;
  const MemoryShare& largest = *std::max_element(
      shares.begin(), shares.end(),
      [](const MemoryShare& x, const MemoryShare& y) { return x.bytes < y.bytes; });
  constexpr double kGiB = 1 << 30;
  char text[160];
  std::snprintf(text, sizeof(text),
                "out of memory: the training needs %.3g GiB of memory, but only %.3g GiB may be "
                "used; %.3g GiB are for ",
                needed / kGiB, limit / kGiB, largest.bytes / kGiB);
  throw InputError(text + largest.keys + ": choose smaller numbers");
}

}  // namespace nabla::agent
