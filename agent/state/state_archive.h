// StateArchive: one function of a component serves both saving and restoring.
//
//   void Td3::Serialize(const StateArchive& archive) {
//     const StateArchive actor = archive.Group("actor", TensorFile::kNetworks);
//     actor.Weight("layers.0.weight", layer.weight);        // actor.layers.0.weight
//     actor("layers.0.bias", layer.bias);                   // actor.layers.0.bias
//     const StateArchive adam = archive.Group("actor.adam", TensorFile::kOptimizer);
//     adam("m", m_);
//     adam("step", step_);
//   }
//
// Saving reads the variables that the lines name; restoring overwrites them. Tensors (Eigen objects
// and blocks of them) go to the safetensors file of their group, everything else to state.json,
// both bit for bit. A tensor must outlive the saving, since it may be large and is not copied;
// other values are copied at once. A tensor must have the shape in the file: restoring resizes only
// std::vector. The shape of a matrix [r, c] in the file, in C order:
//
//   archive(name, matrix)           [c, r]   as in column-major memory
//   archive(name, vector)           [n]
//   archive.Weight(name, matrix)    [r, c]   torch's convention for a layer [out, in]
//   archive.Columns(name, m, n)     [n, r]   only the first n columns
//
// An archive is a cheap handle: pass it by value or by reference. Restoring throws InputError. The
// component is then partly restored and must be discarded.
#pragma once

#include <Eigen/Core>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
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
inline constexpr std::array<const char*, 3> kTensorFiles = {
    "networks.safetensors", "optimizer.safetensors", "replay.safetensors"};

// A matrix in memory, column-major, columns `stride` elements apart.
struct TensorSlot {
  DType dtype = DType::kF32;
  std::byte* data = nullptr;
  Eigen::Index rows = 0, cols = 0, stride = 0;
  bool is_vector = false;      // [rows]
  bool is_transposed = false;  // [rows, cols] in the file, not [cols, rows]

  TensorType Type() const;
  // True if the memory has the layout of the file.
  bool IsPlain() const;
  // Copy to and from the layout of the file; `packed` has Type().Bytes() bytes.
  void Pack(std::span<std::byte> packed) const;
  void Unpack(std::span<const std::byte> packed) const;
};

// Floats and doubles are stored bit for bit, including infinities, NaN payloads and -0.
using ScalarSlot =
    std::variant<bool*, int*, std::int64_t*, std::uint64_t*, float*, double*, std::string*,
                 std::vector<double>*, std::vector<std::uint64_t>*, Rng*>;

enum class Section {
  kState,      // deterministic: the same seed gives the same bits
  kWallClock,  // times and what depends on them
};

// The destination or the source of the values.
class StateBackend {
 public:
  virtual ~StateBackend() = default;
  virtual bool restoring() const = 0;
  virtual void Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) = 0;
  virtual void Scalar(const std::string& name, Section section, const ScalarSlot& slot) = 0;
};

// An Eigen matrix, vector, Map, Ref or block, which lies in memory.
template <class M>
concept EigenDense = requires(std::remove_cvref_t<M>& matrix) {
  matrix.data();
  matrix.rows();
  matrix.outerStride();
  std::remove_cvref_t<M>::ColsAtCompileTime;
};

// The largest count that is accepted when a state is restored: doubles count exactly up to here.
inline constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;

class StateArchive {
 public:
  explicit StateArchive(StateBackend& backend) : backend_(&backend) {}

  bool restoring() const { return backend_->restoring(); }

  // Names in the group are "<name>.<inner name>". Tensors need a file, given here or in an outer
  // group.
  StateArchive Group(std::string_view name, std::optional<TensorFile> file = {}) const;

  // For scalars that may differ between runs of the same seed (seconds, file offsets). They are
  // stored separately, so that the rest of the checkpoint can be compared bit for bit.
  StateArchive WallClock() const;

  template <class T>
  requires std::constructible_from<ScalarSlot, T*>
  void operator()(std::string_view name, T& value) const {
    backend_->Scalar(FullName(name), section_, ScalarSlot(&value));
  }

  // The same for a number that must lie in [low, high]. Restoring throws InputError if it does not.
  template <class T>
  void Between(std::string_view name, T& value, std::type_identity_t<T> low,
               std::type_identity_t<T> high) const {
    (*this)(name, value);
    Require(value >= low && value <= high, name, "is out of range");
  }

  // Throws an InputError if the component is being restored and the value `name` breaks a rule:
  // "the checkpoint is damaged: replay.0.head <what>".
  void Require(bool holds, std::string_view name, std::string_view what) const;

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
    static_assert(!std::is_const_v<Scalar>, "restoring needs a writable matrix");
    static_assert(!M::IsRowMajor, "matrices must be column-major");
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
  std::optional<TensorFile> file_;
  Section section_ = Section::kState;
};

}  // namespace nabla::agent
