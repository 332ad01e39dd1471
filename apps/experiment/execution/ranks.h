// Ranks: the processes that one mpirun has started, and the messages between them. From one rank to
// another, messages arrive in the order in which they were sent.
//
// MPI is in a separate module beside the program (mpi_ranks.cc), which is loaded only under mpirun:
// the program itself does not need MPI.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace nabla::experiment {

struct RankMessage {
  int from = 0;
  std::string text;
};

class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual int rank() const = 0;
  virtual int count() const = 0;
  // Never waits for the receiver, however long the text is.
  virtual void Send(int to, const std::string& text) = 0;
  // A message of any rank; nothing if none has arrived.
  virtual std::optional<RankMessage> Receive() = 0;
  // The last call of every rank: waits for the others, and drops messages that nobody has received.
  // mpirun ends all ranks if one of them ends without it.
  virtual void End() = 0;
};

// The function that the module exports as kMakeRanks; the caller owns the result.
using MakeRanksFunction = Ranks*();
inline constexpr const char* kMakeRanks = "NablaMakeRanks";
inline constexpr const char* kRanksModule = "nabla_mpi.so";

// Null unless mpirun has started this program. Throws InputError if mpirun has started it but it
// was built without MPI.
std::unique_ptr<Ranks> JoinRanks();

}  // namespace nabla::experiment
