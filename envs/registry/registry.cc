#include "envs/registry/registry.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "envs/core/unknown_name.h"

// The built-in environments, in the order of `nabla list envs`: one line each. `X(Name)` stands for
// the function NameEntry() at the end of the file of its model.
#define NABLA_ENVIRONMENTS(X) \
  X(Pendulum)                 \
  X(MountainCar)              \
  X(CartPoleContinuous)       \
  X(CartPole)                 \
  X(AcrobotContinuous)        \
  X(Acrobot)                  \
  X(PendulumSwingup)          \
  X(CartPoleBalance)          \
  X(CartPoleSwingup)          \
  X(CartPoleSwingupSparse)    \
  X(AcrobotSwingup)           \
  X(CartPoleUpswing)          \
  X(CartDoublePole)           \
  X(QuadrotorHover)           \
  X(QuadrotorWaypoint)        \
  X(Reacher)                  \
  X(DoubleIntegrator)         \
  X(LinearQuadratic)

namespace nabla::envs {

#define NABLA_DECLARE(Name) EnvironmentEntry Name##Entry();
NABLA_ENVIRONMENTS(NABLA_DECLARE)
#undef NABLA_DECLARE

namespace {

std::vector<EnvironmentEntry>& Table() {
#define NABLA_ENTRY(Name) Name##Entry(),
  static std::vector<EnvironmentEntry> table = {NABLA_ENVIRONMENTS(NABLA_ENTRY)};
#undef NABLA_ENTRY
  return table;
}

}  // namespace

const std::vector<EnvironmentEntry>& Registry() { return Table(); }

void Register(EnvironmentEntry entry) {
  if (entry.name.empty() || !entry.make) {
    throw std::invalid_argument("an environment needs a name and a function that makes it");
  }
  const std::vector<std::string> names = Names();
  if (std::find(names.begin(), names.end(), entry.name) != names.end()) {
    throw std::invalid_argument("environment '" + entry.name + "' is already registered");
  }
  Table().push_back(std::move(entry));
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const EnvironmentEntry& entry : Registry()) names.push_back(entry.name);
  return names;
}

std::unique_ptr<Environment> Make(std::string_view name) {
  for (const EnvironmentEntry& entry : Registry()) {
    if (entry.name == name) return entry.make();
  }
  throw UnknownNameError("environment", std::string(name), Names());
}

std::unique_ptr<FloatBatch> MakeFloatBatch(std::string_view name, int copies, std::uint64_t seed) {
  std::vector<std::string> known;
  for (const EnvironmentEntry& entry : Registry()) {
    if (!entry.make_batch) continue;
    if (entry.name == name) return entry.make_batch(copies, seed);
    known.push_back(entry.name);
  }
  throw UnknownNameError("environment with a float batch", std::string(name), std::move(known));
}

}  // namespace nabla::envs
