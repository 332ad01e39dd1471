// Ranks over MPI: the module nabla_mpi.so, on its own so that the program needs no MPI.
#define OMPI_SKIP_MPICXX 1  // the C++ bindings, which MPI has given up
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include "apps/experiment/execution/ranks.h"

namespace nabla::experiment {
namespace {

class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    ::MPI_Init(nullptr, nullptr);
    ::MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    ::MPI_Comm_size(MPI_COMM_WORLD, &count_);
  }

  int rank() const override { return rank_; }
  int count() const override { return count_; }

  void Send(int to, const std::string& text) override {
    ::MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, to, 0, MPI_COMM_WORLD);
  }

  std::optional<RankMessage> Receive() override {
    int there = 0;
    MPI_Status status;
    ::MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &there, &status);
    if (there == 0) return std::nullopt;
    int size = 0;
    ::MPI_Get_count(&status, MPI_CHAR, &size);
    RankMessage message{status.MPI_SOURCE, std::string(static_cast<std::size_t>(size), '\0')};
    ::MPI_Recv(message.text.data(), size, MPI_CHAR, message.from, 0, MPI_COMM_WORLD, &status);
    return message;
  }

  void End() override { ::MPI_Finalize(); }

 private:
  int rank_ = 0;
  int count_ = 1;
};

}  // namespace
}  // namespace nabla::experiment

// Its name is kMakeRanks.
extern "C" nabla::experiment::Ranks* NablaMakeRanks() { return new nabla::experiment::MpiRanks; }
