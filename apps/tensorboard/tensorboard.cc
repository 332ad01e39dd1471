#include "apps/tensorboard/tensorboard.h"

#include <chrono>
#include <deque>
#include <map>
#include <system_error>

#include "agent/state/csv.h"
#include "apps/tensorboard/events.h"
#include "apps/tensorboard/record_file.h"

namespace nabla::tensorboard {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindow = 100;      // episodes of a mean, as in Stable-Baselines3
constexpr std::int64_t kLogEpisodes = 4;  // its log_interval

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
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
    file_.Append(Record(EncodeVersion(Now())));
    if (trainer.step() > 0) file_.Append(Record(EncodeSessionStart(Now(), trainer.step() + 1)));
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
    Write(record.step, std::move(scalars));
  }

 private:
  // The first unused name. The previous files are truncated to the step of the trainer.
  static fs::path NextFile(const agent::Trainer& trainer, const agent::RunPaths& run) {
    std::error_code error;
    int session = 0;
    for (; fs::exists(run.events(session), error); ++session) {
      CutRecords(run.events(session),
                 [&](std::string_view data) { return IsBefore(trainer, Decode(data)); });
    }
    return run.events(session);
  }

  // True if the event precedes the checkpoint of the trainer. The evaluation at the end of a run
  // comes after its last checkpoint.
  static bool IsBefore(const agent::Trainer& trainer, const std::optional<Event>& event) {
    if (!event) return false;
    if (event->step != trainer.step() || trainer.EvaluatedNow()) {
      return event->step <= trainer.step();
    }
    return event->scalars.empty() || !event->scalars.front().tag.starts_with("eval/");
  }

  void Write(std::int64_t step, std::vector<Scalar> scalars) {
    file_.Append(Record(Encode({Now(), step, std::move(scalars)})));
  }

  Episodes episodes_;
  agent::AppendFile file_;
};

}  // namespace

void RequireSupport() {}

std::unique_ptr<agent::Observer> Open(const agent::Trainer& trainer, const agent::RunPaths& run) {
  return std::make_unique<TensorBoard>(trainer, run);
}

}  // namespace nabla::tensorboard
