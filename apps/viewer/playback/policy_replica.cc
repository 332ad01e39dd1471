#include "apps/viewer/playback/policy_replica.h"

#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "agent/run/saved_policy.h"
#include "agent/training/trainer.h"

namespace nabla::viewer {
namespace {

using agent::ScalarSlot;
using agent::StateArchive;
using agent::TensorSlot;

class ByteSaver : public agent::StateBackend {
 public:
  explicit ByteSaver(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes_.clear(); }
  bool restoring() const override { return false; }

  void Tensor(const std::string&, agent::TensorFile, const TensorSlot& slot) override {
    slot.Pack(Grow(slot.Type().Bytes()));
  }

  void Scalar(const std::string&, agent::Section, const ScalarSlot& slot) override {
    std::visit([this](auto* value) { Put(*value); }, slot);
  }

 private:
  std::span<std::byte> Grow(std::size_t size) {
    bytes_.resize(bytes_.size() + size);
    return std::span(bytes_).last(size);
  }

  template <class T>
  void Put(const T& value) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      std::memcpy(Grow(sizeof(T)).data(), &value, sizeof(T));
    } else {  // a string or a vector
      Put(value.size());
      for (const auto& element : value) Put(element);
    }
  }

  std::vector<std::byte>& bytes_;
};

class ByteLoader : public agent::StateBackend {
 public:
  explicit ByteLoader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  bool restoring() const override { return true; }
  bool done() const { return bytes_.empty(); }

  void Tensor(const std::string&, agent::TensorFile, const TensorSlot& slot) override {
    slot.Unpack(Next(slot.Type().Bytes()));
  }

  void Scalar(const std::string&, agent::Section, const ScalarSlot& slot) override {
    std::visit([this](auto* value) { Get(*value); }, slot);
  }

 private:
  std::span<const std::byte> Next(std::size_t size) {
    if (size > bytes_.size()) throw std::logic_error("policy snapshot of another task: too short");
    const auto part = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return part;
  }

  template <class T>
  void Get(T& value) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      std::memcpy(static_cast<void*>(&value), Next(sizeof(T)).data(), sizeof(T));
    } else {
      std::size_t size = 0;
      Get(size);
      value.resize(size);
      for (auto& element : value) Get(element);
    }
  }

  std::span<const std::byte> bytes_;
};

}  // namespace

void PolicySnapshot::Save(const agent::StateFunction& networks, std::int64_t step) {
  ByteSaver saver(bytes_);
  StateArchive archive(saver);
  networks(archive);
  step_ = step;
}

void PolicySnapshot::Load(const agent::StateFunction& networks) const {
  ByteLoader loader(bytes_);
  StateArchive archive(loader);
  networks(archive);
  if (!loader.done()) throw std::logic_error("policy snapshot of another task: too long");
}

PolicyReplica::PolicyReplica(const agent::TaskConfig& config)
    : agent_(agent::MakeAgent(config, envs::Make(config.environment)->spec(), workers_)),
      tape_(agent_->policy().MakeTape(1)),
      networks_(agent::NetworksOf(*agent_)),
      observation_(actor().input_size(), 1),
      action_(actor().output_size(), 1) {
  if (const agent::NoiseConfig* noise = agent_->exploration_noise()) {
    noise_.emplace(*noise, action_.rows(), 1);
  }
}

void PolicyReplica::Load(const PolicySnapshot& snapshot) {
  snapshot.Load([this](const StateArchive& archive) { agent_->SerializeNetworks(archive); });
  networks_ = agent::NetworksOf(*agent_);
  step_ = snapshot.step();
}

const agent::Vector& PolicyReplica::Act(const envs::Vector& observation, agent::Mode mode,
                                        Rng& rng) {
  observation_.col(0) = observation.cast<agent::Real>();
  agent_->policy().ActNormalized(observation_, mode, rng, tape_, action_);
  if (mode == agent::Mode::kExplore && noise_) noise_->AddTo(rng, action_);
  result_ = action_.col(0);
  return result_;
}

void PolicyReplica::EndEpisode() {
  if (noise_) noise_->Reset(0);
}

std::shared_ptr<const PolicySnapshot> ReadCheckpoint(const agent::RunPaths& run,
                                                     const agent::TaskConfig& config,
                                                     const std::string& checkpoint) {
  agent::Workers workers(1);
  const envs::Spec spec = envs::Make(config.environment)->spec();
  const auto agent = agent::MakeAgent(config, spec, workers);
  const std::int64_t step = agent::LoadNetworks(run, config, spec, checkpoint, *agent);
  auto snapshot = std::make_shared<PolicySnapshot>();
  snapshot->Save([&](const StateArchive& archive) { agent->SerializeNetworks(archive); }, step);
  return snapshot;
}

}  // namespace nabla::viewer
