// Wrapper: an environment around another one. The base class forwards every call; a wrapper
// overrides what it changes. A wrapper's own data is part of the state or memory of the whole:
//
//   State()  = inner state | OwnState()     physical: delayed actions, past observations
//   Memory() = inner words | OwnMemory()    the rest: counters, noise streams, drawn parameters
//
// A wrapper has derivatives if the inner environment has. The spec is computed at construction:
// parameters that are set later change the physics but not the spec.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

class Wrapper : public Environment, public Differentiable {
 public:
  explicit Wrapper(std::unique_ptr<Environment> inner)
      : inner_(std::move(inner)), spec_(inner_->spec()) {}

  const Spec& spec() const override { return spec_; }
  void Reset(Rng& rng, VectorRef observation) override { inner_->Reset(rng, observation); }
  StepResult Step(const ConstVectorRef& action, VectorRef observation) override {
    return inner_->Step(action, observation);
  }
  void Observe(VectorRef observation) const override { inner_->Observe(observation); }
  Vector State() const final;
  void SetState(const ConstVectorRef& state) final;
  std::vector<std::uint64_t> Memory() const final;
  void SetMemory(std::span<const std::uint64_t> words) final;
  const Differentiable* differentiable() const final {
    return inner_->differentiable() == nullptr ? nullptr : this;
  }
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override {
    InnerDerivatives(state, action, out);
  }
  std::vector<Parameter> Parameters() const override { return inner_->Parameters(); }
  // Also throws std::invalid_argument if the values would change the size of the inner state or
  // action.
  void SetParameters(const ParameterValues& values) override;
  void Draw(Canvas& canvas, const ConstVectorRef& action) const override {
    inner_->Draw(canvas, action);
  }
  std::string Description() const override { return inner_->Description(); }

 protected:
  virtual Vector OwnState() const { return Vector(); }
  virtual void SetOwnState(const ConstVectorRef&) {}
  virtual std::vector<std::uint64_t> OwnMemory() const { return {}; }
  // May throw std::invalid_argument, nothing changed, for invalid words.
  virtual void SetOwnMemory(std::span<const std::uint64_t>) {}

  // The derivatives of the inner environment.
  void InnerDerivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                        StepDerivatives& out) const;

  // Throws std::invalid_argument with the name of the environment.
  [[noreturn]] void Refuse(const std::string& why) const;
  void CheckSize(const char* what, Eigen::Index size, Eigen::Index wanted) const;
  // Checks the size and that every value is finite.
  void CheckVector(const char* what, const ConstVectorRef& values, Eigen::Index size) const;

  Wrapper(const Wrapper& other) : inner_(other.inner_->Clone()), spec_(other.spec_) {}

  std::unique_ptr<Environment> inner_;
  Spec spec_;
};

// Implements Clone() with the copy constructor of Derived.
template <class Derived>
class CloneableWrapper : public Wrapper {
 public:
  using Wrapper::Wrapper;
  std::unique_ptr<Environment> Clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

}  // namespace nabla::envs
