#include "apps/tensorboard/tensorboard.h"

#include <chrono>
#include <deque>
#include <map>
#include <system_error>

#include "agent/state/csv.h"
#include "apps/tensorboard/event.pb.h"
#include "apps/tensorboard/record_file.h"

namespace nabla::tensorboard {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindow = 100;      // episodes of a mean, as in Stable-Baselines3
constexpr std::int64_t kLogEpisodes = 4;  // its log_interval

struct Scalar {
  std::string tag;
  double value = 0;  // stored as float
};

proto::Event NewEvent(std::int64_t step) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  proto::Event event;
  event.set_wall_time(now.count());
  event.set_step(step);
  return event;
}

struct Episode {
  double total_reward = 0;
  double length = 0;
};

// The number of episodes so far, and the last of them.
struct Episodes {
  std::int64_t count = 0;
  std::deque<Episode> last;

  void Add(const Episode& episode) {
    ++count;
    last.push_back(episode);
    if (last.size() > kWindow) last.pop_front();
  }
  double Mean(double Episode::*field) const {
    double sum = 0;
    for (const Episode& episode : last) sum += episode.*field;
    return sum / static_cast<double>(last.size());
  }
};

// The episodes in monitor.csv.
Episodes ReadMonitor(const fs::path& path) {
  agent::CsvReader monitor(path, agent::CsvReader::Mode::kLenient);
  const std::size_t total_reward = monitor.Column("r"), length = monitor.Column("l");
  Episodes episodes;
  while (monitor.Next()) episodes.Add({monitor.Number(total_reward), monitor.Number(length)});
  return episodes;
}

// The name of a metric in Stable-Baselines3, and its sign: there the actor minimises a loss.
struct Tag {
  std::string name;
  double sign = 1;
};

Tag TagOf(const std::string& metric) {
  static const std::map<std::string, Tag> table = {
      {"actor_objective", {"actor_loss", -1}},
      {"temperature", {"ent_coef"}},
      {"temperature_loss", {"ent_coef_loss"}},
  };
  const auto found = table.find(metric);
  return found == table.end() ? Tag{metric} : found->second;
}

class TensorBoard : public agent::Observer {
 public:
  TensorBoard(const agent::Trainer& trainer, const agent::RunPaths& run)
      : episodes_(ReadMonitor(run.monitor())),
        file_(agent::AppendFile::Create(NextFile(trainer, run))) {
    proto::Event head = NewEvent(0);
    head.set_file_version("brain.Event:2");
    Append(head);
    if (trainer.step() == 0) return;
    proto::Event start = NewEvent(trainer.step() + 1);
    start.mutable_session_log()->set_status(proto::SessionLog::START);
    Append(start);
  }

  void OnEpisode(const agent::EpisodeRecord& record) override {
    episodes_.Add({record.total_reward, static_cast<double>(record.length)});
    if (episodes_.count % kLogEpisodes != 0) return;
    const auto step = static_cast<double>(record.step);
    Write(record.step, {{"rollout/ep_rew_mean", episodes_.Mean(&Episode::total_reward)},
                        {"rollout/ep_len_mean", episodes_.Mean(&Episode::length)},
                        {"time/episodes", static_cast<double>(episodes_.count)},
                        {"time/fps", step / std::max(record.seconds, 1e-9)},
                        {"time/time_elapsed", record.seconds},
                        {"time/total_timesteps", step}});
  }

  void OnEvaluation(const agent::EvaluationRecord& record) override {
    std::vector<Scalar> scalars = {{"eval/mean_reward", agent::Mean(record.result.returns)},
                                   {"eval/mean_ep_length", agent::Mean(record.result.lengths)}};
    if (record.updates > 0) {
      for (const agent::Metric& metric : *record.metrics) {
        const Tag tag = TagOf(metric.name);
        if (metric.count > 0) scalars.push_back({"train/" + tag.name, tag.sign * metric.Mean()});
      }
      scalars.push_back({"train/n_updates", static_cast<double>(record.updates)});
    }
    Write(record.step, scalars);
  }

 private:
  // The first unused name. The previous files are truncated to the step of the trainer.
  static fs::path NextFile(const agent::Trainer& trainer, const agent::RunPaths& run) {
    std::error_code error;
    int session = 0;
    for (; fs::exists(run.events(session), error); ++session) {
      CutRecords(run.events(session),
                 [&](std::string_view data) { return IsBefore(trainer, data); });
    }
    return run.events(session);
  }

  // True if the event precedes the checkpoint of the trainer. The evaluation at the end of a run
  // comes after its last checkpoint.
  static bool IsBefore(const agent::Trainer& trainer, std::string_view data) {
    proto::Event event;
    if (!event.ParseFromArray(data.data(), static_cast<int>(data.size()))) return false;
    if (event.step() != trainer.step() || trainer.EvaluatedNow()) {
      return event.step() <= trainer.step();
    }
    const auto& values = event.summary().value();
    return values.empty() || !values[0].tag().starts_with("eval/");
  }

  void Append(const proto::Event& event) { file_.Append(Record(event.SerializeAsString())); }

  void Write(std::int64_t step, const std::vector<Scalar>& scalars) {
    proto::Event event = NewEvent(step);
    for (const Scalar& scalar : scalars) {
      proto::Summary::Value& value = *event.mutable_summary()->add_value();
      value.set_tag(scalar.tag);
      value.set_simple_value(static_cast<float>(scalar.value));
    }
    Append(event);
  }

  Episodes episodes_;
  agent::AppendFile file_;
};

}  // namespace

void RequireSupport() {}

std::unique_ptr<agent::Observer> Open(const agent::Trainer& trainer, const agent::RunPaths& run) {
  if (!trainer.config().logging.tensorboard) return nullptr;
  return std::make_unique<TensorBoard>(trainer, run);
}

}  // namespace nabla::tensorboard
