// Ranks: the processes that one mpirun has started, and how they talk: whole texts, which arrive in
// the order that they were sent in from one rank to another.
//
// MPI itself is in a module beside the program (mpi_ranks.cc) that is loaded under mpirun alone: a
// program that is started by itself neither needs MPI nor waits for it.
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
  virtual void Send(int to, const std::string& text) = 0;
  // A message of any rank; nothing if there is none yet.
  virtual std::optional<RankMessage> Receive() = 0;
  // The last call, by every rank: waits for the others. A process that ends without it takes the
  // whole mpirun with it.
  virtual void End() = 0;
};

// What the module exports under the name kMakeRanks; the caller owns the result.
using MakeRanksFunction = Ranks*();
inline constexpr const char* kMakeRanks = "NablaMakeRanks";
inline constexpr const char* kRanksModule = "nabla_mpi.so";

// Null unless mpirun has started this program. Throws InputError if it did, but the program was
// built without MPI.
std::unique_ptr<Ranks> JoinRanks();

}  // namespace nabla::experiment
