#include "apps/viewer/record/record.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "agent/state/file_io.h"
#include "apps/viewer/panels/frame.h"
#include "apps/viewer/playback/playback.h"
#include "apps/viewer/playback/run_follower.h"
#include "apps/viewer/record/movie.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("stopped; nothing was written") {}
};

// "frame_%04d.png" is "frame_", 4 digits and ".png".
struct NumberedName {
  std::string before;
  int digits = 0;
  std::string after;

  fs::path Name(std::int64_t number) const {
    const std::string text = std::to_string(number);
    const auto zeros = std::max<std::ptrdiff_t>(0, digits - std::ssize(text));
    return before + std::string(static_cast<std::size_t>(zeros), '0') + text + after;
  }
};

std::optional<NumberedName> ParseName(const std::string& name) {
  const std::size_t percent = name.find('%');
  if (percent == std::string::npos) return {};
  std::size_t end = percent + 1;
  int digits = 0;
  while (end < name.size() && name[end] >= '0' && name[end] <= '9' && digits < 100) {
    digits = 10 * digits + (name[end++] - '0');
  }
  if (end == name.size() || name[end] != 'd' || name.find('%', end) != std::string::npos) {
    throw agent::InputError("'" + name + "': use one %d or %04d in the name to number pictures");
  }
  return NumberedName{name.substr(0, percent), digits, name.substr(end + 1)};
}

// An episode as a sequence of scenes in steps of simulated time.
class Episode {
 public:
  explicit Episode(const RecordOptions& options)
      : source_(options.run, options.checkpoint),
        playback_(source_, {.seed = options.seed,
                            .title = options.checkpoint,
                            .synchronous = true,
                            .dark = options.dark,
                            .panels = ParsePanels(options.panels)}) {}

  const Scene& Advance(double seconds) { return playback_.Advance(seconds); }
  bool ended() const { return playback_.player().ended(); }
  double total_reward() const { return playback_.player().total_reward(); }

 private:
  RunFollower source_;
  Playback playback_;
};

class EpisodeRecorder {
 public:
  EpisodeRecorder(const RecordOptions& options, const std::atomic<bool>& stop)
      : options_(options),
        stop_(stop),
        frame_(options.font.empty() ? kDefaultFont : options.font),
        episode_(options),
        per_second_(options.frames_per_second > 0       ? options.frames_per_second
                    : options.out.extension() == ".mp4" ? 60
                                                        : 25) {}

  RecordResult Run() {
    if (Movie::IsMovie(options_.out)) return WriteMovie();
    const auto numbered = ParseName(options_.out.string());
    return numbered ? WriteNumbered(*numbered) : WriteOne();
  }

 private:
  // Passes each picture to `take`, until the end of the episode or of the requested time.
  RecordResult Play(const std::function<void(const Surface&)>& take) {
    RecordResult recorded;
    const Scene* scene = &episode_.Advance(0);
    while (true) {
      if (stop_) throw Stopped();
      take(frame_.Draw(*scene, options_.width, options_.height));
      recorded.seconds = static_cast<double>(++recorded.frames) / per_second_;
      recorded.total_reward = episode_.total_reward();
      const bool over =
          options_.seconds > 0 ? recorded.seconds >= options_.seconds - 1e-9 : episode_.ended();
      if (over) return recorded;
      scene = &episode_.Advance(1 / per_second_);
    }
  }

  RecordResult WriteMovie() {
    Movie movie(options_.out, options_.width, options_.height, per_second_);
    const RecordResult recorded = Play([&movie](const Surface& picture) { movie.Add(picture); });
    movie.Finish();
    return recorded;
  }

  RecordResult WriteNumbered(const NumberedName& numbered) {
    std::int64_t number = 0;
    return Play([&](const Surface& picture) {
      agent::WriteFileAtomically(numbered.Name(number++), picture.Png());
    });
  }

  // The picture at `seconds`, by default at 2 s.
  RecordResult WriteOne() {
    const double end = options_.seconds > 0 ? options_.seconds : 2;
    const Scene* scene = &episode_.Advance(0);
    double time = 0;
    while (time < end - 1e-9 && !episode_.ended()) {
      if (stop_) throw Stopped();
      const double step = std::min(1 / per_second_, end - time);
      scene = &episode_.Advance(step);
      time += step;
    }
    const Surface& picture = frame_.Draw(*scene, options_.width, options_.height);
    agent::WriteFileAtomically(options_.out, picture.Png());
    return {.frames = 1, .seconds = time, .total_reward = episode_.total_reward()};
  }

  const RecordOptions& options_;
  const std::atomic<bool>& stop_;
  Frame frame_;
  Episode episode_;
  double per_second_;
};

}  // namespace

RecordResult Record(const RecordOptions& options, const std::atomic<bool>& stop) {
  if (!Movie::IsMovie(options.out) && options.out.extension() != ".png") {
    throw agent::InputError("--out: '" + options.out.string() + "' must end in .mp4, .gif or .png");
  }
  RequireFont(options.font.empty() ? kDefaultFont : options.font);
  return EpisodeRecorder(options, stop).Run();
}

}  // namespace nabla::viewer
