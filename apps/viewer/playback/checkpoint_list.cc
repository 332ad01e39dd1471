#include "apps/viewer/playback/checkpoint_list.h"

#include <chrono>
#include <exception>
#include <utility>

#include "agent/run/checkpoint.h"
#include "apps/viewer/playback/threads.h"

namespace nabla::viewer {
namespace {

constexpr auto kReadPeriod = std::chrono::seconds(1);

}  // namespace

CheckpointList::CheckpointList(agent::RunPaths run, const agent::TaskConfig& config)
    : run_(std::move(run)),
      config_(config),
      thread_(StartThread<std::jthread>([this](const std::stop_token& stop) { Run(stop); })) {}

std::vector<std::string> CheckpointList::Names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

std::shared_ptr<const agent::SavedPolicy> CheckpointList::Get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (wanted_.insert(name).second) changed_.notify_one();
  const auto found = read_.find(name);
  return found == read_.end() ? nullptr : found->second.policy;
}

void CheckpointList::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    lock.unlock();
    try {
      ReadCheckpoints();
    } catch (const std::exception&) {
      // Replaced or deleted while it was read: try again in the next round.
    }
    lock.lock();
    const std::size_t wanted = wanted_.size();
    changed_.wait_for(lock, stop, kReadPeriod, [&] { return wanted_.size() != wanted; });
  }
}

void CheckpointList::ReadCheckpoints() {
  const agent::CheckpointStore store(run_.checkpoint(), agent::CheckpointStore::Access::kRead);
  const auto items = store.List();
  std::vector<std::pair<std::string, std::string>> to_read;  // name, folder
  {
    const std::lock_guard lock(mutex_);
    names_.clear();
    for (const auto& item : items) {
      if (item.name != "latest") names_.push_back(item.name);
      const auto found = read_.find(item.name);
      const bool is_read = found != read_.end() && found->second.folder == item.folder;
      if (wanted_.contains(item.name) && !is_read) to_read.emplace_back(item.name, item.folder);
    }
  }
  for (const auto& [name, folder] : to_read) {
    Read read{folder,
              std::make_shared<const agent::SavedPolicy>(agent::LoadPolicy(run_, config_, name))};
    const std::lock_guard lock(mutex_);
    read_[name] = std::move(read);
  }
}

}  // namespace nabla::viewer
