#include "envs/registry/registry.h"

#include <stdexcept>

#include "envs/core/batch.h"
#include "envs/core/names.h"

namespace nabla::envs {

// One function an environment, at the end of its own file.
Entry PendulumEntry();
Entry MountainCarEntry();
Entry CartPoleContinuousEntry();
Entry CartPoleEntry();
Entry AcrobotContinuousEntry();
Entry AcrobotEntry();
Entry PendulumSwingupEntry();
Entry CartPoleBalanceEntry();
Entry CartPoleSwingupEntry();
Entry CartPoleSwingupSparseEntry();
Entry AcrobotSwingupEntry();
Entry CartPoleUpswingEntry();
Entry CartDoublePoleEntry();
Entry QuadrotorHoverEntry();
Entry QuadrotorWaypointEntry();
Entry ReacherEntry();
Entry DoubleIntegratorEntry();
Entry LinearQuadraticEntry();

namespace {

std::vector<Entry>& Table() {
  // clang-format off: one line each
  static std::vector<Entry> table = {
      PendulumEntry(),           MountainCarEntry(),
      CartPoleContinuousEntry(), CartPoleEntry(),
      AcrobotContinuousEntry(),  AcrobotEntry(),
      PendulumSwingupEntry(),    CartPoleBalanceEntry(),
      CartPoleSwingupEntry(),    CartPoleSwingupSparseEntry(),
      AcrobotSwingupEntry(),     CartPoleUpswingEntry(),
      CartDoublePoleEntry(),     QuadrotorHoverEntry(),
      QuadrotorWaypointEntry(),  ReacherEntry(),
      DoubleIntegratorEntry(),   LinearQuadraticEntry(),
  };
  // clang-format on
  return table;
}

}  // namespace

const std::vector<Entry>& Registry() { return Table(); }

void Register(const Entry& entry) {
  for (const Entry& other : Table()) {
    if (other.name == entry.name) {
      throw std::invalid_argument("environment '" + entry.name + "' is already registered");
    }
  }
  Table().push_back(entry);
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Entry& entry : Registry()) names.push_back(entry.name);
  return names;
}

std::unique_ptr<Environment> Make(std::string_view name) {
  for (const Entry& entry : Registry()) {
    if (entry.name == name) return entry.make();
  }
  throw std::invalid_argument(UnknownName("environment", name, Names()));
}

std::unique_ptr<FloatBatch> MakeFloatBatch(std::string_view name, int copies, std::uint64_t seed) {
  std::vector<std::string> known;
  for (const Entry& entry : Registry()) {
    if (entry.make_batch == nullptr) continue;
    if (entry.name == name) return entry.make_batch(copies, seed);
    known.push_back(entry.name);
  }
  throw std::invalid_argument(UnknownName("environment with a float batch", name, known));
}

}  // namespace nabla::envs
