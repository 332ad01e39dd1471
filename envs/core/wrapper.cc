#include "envs/core/wrapper.h"

#include <stdexcept>

namespace nabla::envs {

Vector Wrapper::State() const {
  const Vector inner = inner_->State(), own = OwnState();
  Vector state(inner.size() + own.size());
  state << inner, own;
  return state;
}

void Wrapper::SetState(const ConstVectorRef& state) {
  const Eigen::Index own = OwnState().size();
  CheckVector("state", state, spec_.state_size);
  inner_->SetState(state.head(state.size() - own));
  SetOwnState(state.tail(own));
}

std::vector<std::uint64_t> Wrapper::Memory() const {
  std::vector<std::uint64_t> words = inner_->Memory();
  const std::vector<std::uint64_t> own = OwnMemory();
  words.insert(words.end(), own.begin(), own.end());
  return words;
}

void Wrapper::SetMemory(std::span<const std::uint64_t> words) {
  const std::size_t own = OwnMemory().size(), inner = inner_->Memory().size();
  if (words.size() != inner + own) {
    Refuse("the memory must have " + std::to_string(inner + own) + " words, not " +
           std::to_string(words.size()));
  }
  SetOwnMemory(words.last(own));
  inner_->SetMemory(words.first(inner));
}

// The values are tried on a copy, which is dropped if it does not fit this wrapper.
void Wrapper::SetParameters(const ParameterValues& values) {
  auto changed = inner_->Clone();
  changed->SetParameters(values);
  if (changed->State().size() != inner_->State().size() ||
      changed->spec().action_size != inner_->spec().action_size) {
    Refuse("parameters that change the number of states or actions must be set before wrapping");
  }
  inner_ = std::move(changed);
}

void Wrapper::InnerDerivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                               StepDerivatives& out) const {
  RequireDerivatives(*inner_, "its wrapper").Derivatives(state, action, out);
}

void Wrapper::Refuse(const std::string& why) const {
  throw std::invalid_argument(spec_.name + ": " + why);
}

void Wrapper::CheckSize(const char* what, Eigen::Index size, Eigen::Index wanted) const {
  if (size == wanted) return;
  Refuse(std::string("the ") + what + " must have " + std::to_string(wanted) + " numbers, not " +
         std::to_string(size));
}

void Wrapper::CheckVector(const char* what, const ConstVectorRef& values, Eigen::Index size) const {
  CheckSize(what, values.size(), size);
  if (!values.allFinite()) Refuse(std::string("the ") + what + " has a value that is not finite");
}

}  // namespace nabla::envs
