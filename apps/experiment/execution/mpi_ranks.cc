// Ranks over MPI: the module nabla_mpi.so, on its own so that the program needs no MPI.
#define OMPI_SKIP_MPICXX 1  // no C++ bindings: MPI 3.0 removed them
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <chrono>
#include <list>
#include <thread>

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

  // MPI_Send may block until the receiver takes a message that exceeds the eager limit: two ranks
  // that send to each other would wait forever.
  void Send(int to, const std::string& text) override {
    Sending& sending = sending_.emplace_back(Sending{text, MPI_REQUEST_NULL});
    ::MPI_Isend(sending.text.data(), static_cast<int>(sending.text.size()), MPI_CHAR, to, 0,
                MPI_COMM_WORLD, &sending.request);
    DropSent();
  }

  std::optional<RankMessage> Receive() override {
    DropSent();
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

  // Receives while it waits, so that two ranks with unsent messages both end. A message to a rank
  // that is lost is never taken: it is given up after a while.
  void End() override {
    constexpr int kPatience = 5000;  // ms
    for (int i = 0; i < kPatience && !sending_.empty(); ++i) {
      if (!Receive()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (Sending& sending : sending_) {
      ::MPI_Cancel(&sending.request);
      ::MPI_Request_free(&sending.request);
    }
    ::MPI_Finalize();
  }

 private:
  // MPI reads `text` until the request is complete, so its address must not change.
  struct Sending {
    std::string text;
    MPI_Request request;
  };

  void DropSent() {
    sending_.remove_if([](Sending& sending) {
      int sent = 0;
      ::MPI_Test(&sending.request, &sent, MPI_STATUS_IGNORE);
      return sent != 0;
    });
  }

  int rank_ = 0;
  int count_ = 1;
  std::list<Sending> sending_;
};

}  // namespace
}  // namespace nabla::experiment

// Its name is kMakeRanks.
extern "C" nabla::experiment::Ranks* NablaMakeRanks() { return new nabla::experiment::MpiRanks; }
