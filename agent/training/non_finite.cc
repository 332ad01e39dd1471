#include "agent/training/non_finite.h"

namespace nabla::agent {
namespace {

template <class Scalar>
bool AllFinite(const TensorSlot& slot) {
  using Values = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  return Eigen::Map<const Values, 0, Eigen::OuterStride<>>(
             reinterpret_cast<const Scalar*>(slot.data), slot.rows, slot.cols,
             Eigen::OuterStride<>(slot.stride))
      .allFinite();
}

bool AllFinite(const TensorSlot& slot) {
  switch (slot.dtype) {
    case DType::kF32:
      return AllFinite<float>(slot);
    case DType::kF64:
      return AllFinite<double>(slot);
    case DType::kU8:
    case DType::kI64:
      return true;
  }
  return true;
}

class NonFiniteFinder : public StateBackend {
 public:
  bool restoring() const override { return false; }
  void Tensor(const std::string& name, TensorFile, const TensorSlot& slot) override {
    if (name_.empty() && !AllFinite(slot)) name_ = name;
  }
  void Scalar(const std::string&, Section, const ScalarSlot&) override {}
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace

std::string FirstNonFinite(const std::function<void(const StateArchive&)>& state) {
  NonFiniteFinder finder;
  state(StateArchive(finder));
  return finder.name();
}

}  // namespace nabla::agent
