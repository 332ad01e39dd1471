// StateArchive: one list a component serves both saving and restoring.
//
//   void Td3::State(const StateArchive& archive) {
//     const StateArchive actor = archive.Group("actor", TensorFile::kNetworks);
//     actor.Weight("layers.0.weight", layer.weight);        // actor.layers.0.weight
//     actor("layers.0.bias", layer.bias);                   // actor.layers.0.bias
//     const StateArchive adam = archive.Group("actor.adam", TensorFile::kOptimizer);
//     adam("m", m_);
//     adam("step", step_);
//   }
//
// Saving looks at what each line names; restoring overwrites it. Tensors (Eigen objects, any block
// of one included) go to the safetensors file of their group, everything else to state.json, both
// bit for bit. A tensor must outlive the saving (it may be large and is not copied); the rest is
// copied at once. A restored tensor must have exactly the shape that is there: nothing is resized
// (a std::vector<double> is). How a matrix [r, c] lies in the file, in C order:
//
//   archive(name, matrix)           [c, r]   as in our column-major memory
//   archive(name, vector)           [n]
//   archive.Weight(name, matrix)    [r, c]   torch's convention for a layer [out, in]
//   archive.Columns(name, m, n)     [n, r]   the first n columns alone
//
// An archive is a cheap handle: pass it by value or by reference. Restoring throws InputError; what
// was restored before stays, so the caller gives up the component then.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "agent/state/safetensors.h"
#include "envs/core/random.h"

namespace nabla::agent {

// Which file of a checkpoint holds the tensors of a group.
enum class TensorFile {
  kNetworks,   // networks.safetensors: what a policy checkpoint keeps
  kOptimizer,  // optimizer.safetensors
  kReplay,     // replay.safetensors: experience, the environment's state included
};
inline constexpr int kTensorFiles = 3;

// "networks.safetensors" and so on.
std::string FileName(TensorFile file);

// A matrix in memory, column-major, columns `stride` elements apart.
struct TensorSlot {
  DType dtype = DType::kF32;
  std::byte* data = nullptr;
  Eigen::Index rows = 0, cols = 0, stride = 0;
  bool is_vector = false;      // [rows]
  bool is_transposed = false;  // [rows, cols] in the file, not [cols, rows]

  TensorType Type() const;
  // True if the memory is the file's content as it is.
  bool IsPlain() const;
  // Copies to and from the file's order; `packed` has Type().Bytes() bytes.
  void Pack(std::span<std::byte> packed) const;
  void Unpack(std::span<const std::byte> packed) const;
};

// Doubles and floats are kept bit for bit, infinities, NaN payloads and -0 included.
using ScalarSlot =
    std::variant<bool*, int*, std::int64_t*, std::uint64_t*, float*, double*, std::string*,
                 std::vector<double>*, std::vector<std::uint64_t>*, Rng*>;

enum class Section {
  kState,      // deterministic: the same run has the same bits
  kWallClock,  // times, and what depends on them
};

// Where the entries go to or come from.
class StateBackend {
 public:
  virtual ~StateBackend() = default;
  virtual bool restoring() const = 0;
  virtual void Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) = 0;
  virtual void Scalar(const std::string& name, Section section, const ScalarSlot& slot) = 0;
};

// An Eigen matrix, vector, Map, Ref or block of one: all that lies in memory.
template <class M>
concept EigenDense = requires(std::remove_cvref_t<M>& matrix) {
  matrix.data();
  matrix.rows();
  matrix.outerStride();
  std::remove_cvref_t<M>::ColsAtCompileTime;
};

class StateArchive {
 public:
  explicit StateArchive(StateBackend& backend) : backend_(&backend) {}

  bool restoring() const { return backend_->restoring(); }

  // Names inside are "<name>.<inner name>". Tensors need a file, chosen here or further out.
  StateArchive Group(std::string_view name) const;
  StateArchive Group(std::string_view name, TensorFile file) const;

  // Scalars inside may differ between runs of the same seed (seconds, file offsets): kept apart, so
  // that the rest of the checkpoint can be compared bit for bit.
  StateArchive WallClock() const;

  template <class T>
  requires std::constructible_from<ScalarSlot, T*>
  void operator()(std::string_view name, T& value) const {
    backend_->Scalar(FullName(name), section_, ScalarSlot(&value));
  }

  template <EigenDense M>
  void operator()(std::string_view name, M&& matrix) const {
    Tensor(name, SlotOf(matrix));
  }

  template <EigenDense M>
  void Weight(std::string_view name, M&& matrix) const {
    TensorSlot slot = SlotOf(matrix);
    slot.is_transposed = true;
    slot.is_vector = false;
    Tensor(name, slot);
  }

  // Restore the count first: archive("size", size_); archive.Columns("data", data_, size_);
  // Throws InputError if `count` is negative or more than the matrix has.
  template <EigenDense M>
  void Columns(std::string_view name, M&& matrix, Eigen::Index count) const {
    CheckCount(name, count, matrix.cols());
    TensorSlot slot = SlotOf(matrix);
    slot.cols = count;
    Tensor(name, slot);
  }

 private:
  template <class M>
  static TensorSlot SlotOf(M& matrix) {
    using Scalar = std::remove_pointer_t<decltype(matrix.data())>;
    static_assert(!std::is_const_v<Scalar>, "restoring must be able to write");
    static_assert(!M::IsRowMajor, "the project's matrices are column-major");
    eigen_assert(matrix.innerStride() == 1);
    return {DTypeOf<Scalar>(),    reinterpret_cast<std::byte*>(matrix.data()),
            matrix.rows(),        matrix.cols(),
            matrix.outerStride(), M::ColsAtCompileTime == 1};
  }

  void Tensor(std::string_view name, const TensorSlot& slot) const;
  void CheckCount(std::string_view name, Eigen::Index count, Eigen::Index limit) const;
  std::string FullName(std::string_view name) const;

  StateBackend* backend_;
  std::string prefix_;
  int file_ = -1;  // a TensorFile; none yet
  Section section_ = Section::kState;
};

}  // namespace nabla::agent
