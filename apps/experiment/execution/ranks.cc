#include "apps/experiment/execution/ranks.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "agent/state/file_io.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;

// Set by Open MPI, by MPICH and Intel MPI, and by PMIx launchers such as Slurm's srun.
bool IsUnderMpirun() {
  constexpr std::array kVariables = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"};
  return std::any_of(kVariables.begin(), kVariables.end(),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

}  // namespace

std::unique_ptr<Ranks> JoinRanks() {
  if (!IsUnderMpirun()) return nullptr;
  const fs::path module = fs::read_symlink("/proc/self/exe").parent_path() / kRanksModule;
  std::error_code error;
  if (!fs::exists(module, error)) {
    throw agent::InputError(
        "mpirun has started this program, but it was built without MPI; install libopenmpi-dev "
        "and openmpi-bin (names of the Debian packages) and build again with -DNABLA_MPI=ON, or "
        "use --shard");
  }
  // RTLD_GLOBAL, since the plug-ins of Open MPI look up its symbols.
  void* const library = ::dlopen(module.c_str(), RTLD_NOW | RTLD_GLOBAL);
  void* const function = library == nullptr ? nullptr : ::dlsym(library, kMakeRanks);
  if (function == nullptr) {
    throw agent::InputError(std::string("cannot load MPI: ") + ::dlerror() + "; or use --shard");
  }
  return std::unique_ptr<Ranks>(reinterpret_cast<MakeRanksFunction*>(function)());
}

}  // namespace nabla::experiment
