#include "apps/viewer/record/record.h"

#include <algorithm>
#include <optional>

#include "agent/state/file_io.h"
#include "apps/viewer/panels/frame.h"
#include "apps/viewer/playback/playback.h"
#include "apps/viewer/playback/run_follower.h"
#include "apps/viewer/record/movie.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

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

void RequireReplaceable(const fs::path& file) {
  const fs::file_status status = fs::symlink_status(file);
  if (!fs::exists(status) || fs::is_regular_file(status) || fs::is_symlink(status)) return;
  throw agent::InputError("--out: '" + file.string() +
                          "' exists and is not a regular file; choose another name");
}

// Files that replace those with the same names together, or not at all.
class NewFiles {
 public:
  NewFiles() = default;
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  ~NewFiles() {
    std::error_code ignored;
    for (const fs::path& file : files_) fs::remove(agent::TemporaryFor(file), ignored);
  }

  void Add(const fs::path& file, const std::string& content) {
    RequireReplaceable(file);
    agent::OutputFile out(agent::TemporaryFor(file));
    out.Write(agent::BytesOf(content));
    out.Commit();
    files_.push_back(file);
  }
  void Commit() {
    for (const fs::path& file : files_) agent::Rename(agent::TemporaryFor(file), file);
  }

 private:
  std::vector<fs::path> files_;
};

// An episode as pictures in steps of simulated time.
class EpisodeRecorder {
 public:
  EpisodeRecorder(const RecordOptions& options, const std::atomic<bool>& stop)
      : options_(options),
        stop_(stop),
        frame_(options.font.empty() ? kDefaultFont : options.font),
        source_(options.run, options.checkpoint),
        playback_(source_, {.seed = options.seed,
                            .title = options.checkpoint,
                            .synchronous = true,
                            .stop = [&stop] { return stop.load(); },
                            .dark = options.dark,
                            .panels = ParsePanels(options.panels)}),
        per_second_(options.frames_per_second > 0       ? options.frames_per_second
                    : options.out.extension() == ".mp4" ? 60
                                                        : 25) {}

  RecordResult Run() {
    if (Movie::IsMovie(options_.out)) return WriteMovie();
    const auto numbered = ParseName(options_.out.filename().string());
    return numbered ? WriteNumbered(*numbered) : WriteOne();
  }

 private:
  void Advance(double seconds) {
    if (stop_) throw WorkStopped();
    playback_.Advance(seconds);
  }
  bool ended() const { return playback_.player().ended(); }
  const Surface& Draw() { return frame_.Draw(playback_.scene(), options_.width, options_.height); }

  // Passes each picture to `take`, until the end of the episode or of the requested time.
  template <class Take>
  RecordResult Play(const Take& take) {
    RecordResult recorded;
    while (true) {
      Advance(recorded.frames == 0 ? 0 : 1 / per_second_);
      take(Draw());
      recorded.seconds = static_cast<double>(++recorded.frames) / per_second_;
      recorded.total_reward = playback_.player().total_reward();
      const bool over =
          options_.seconds > 0 ? recorded.seconds >= options_.seconds - 1e-9 : ended();
      if (over) return recorded;
    }
  }

  RecordResult WriteMovie() {
    Movie movie(options_.out, options_.width, options_.height, per_second_, stop_);
    const RecordResult recorded = Play([&movie](const Surface& picture) { movie.Add(picture); });
    movie.Finish();
    return recorded;
  }

  RecordResult WriteNumbered(const NumberedName& numbered) {
    NewFiles files;
    std::int64_t number = 0;
    const RecordResult recorded = Play([&](const Surface& picture) {
      files.Add(options_.out.parent_path() / numbered.Name(number++), picture.Png(&stop_));
    });
    files.Commit();
    return recorded;
  }

  // The picture at `seconds`, by default at 2 s.
  RecordResult WriteOne() {
    const double end = options_.seconds > 0 ? options_.seconds : 2;
    double time = 0;
    for (Advance(0); time < end - 1e-9 && !ended();) {
      const double step = std::min(1 / per_second_, end - time);
      Advance(step);
      time += step;
    }
    agent::WriteFileAtomically(options_.out, Draw().Png(&stop_));
    return {.frames = 1, .seconds = time, .total_reward = playback_.player().total_reward()};
  }

  const RecordOptions& options_;
  const std::atomic<bool>& stop_;
  Frame frame_;
  RunFollower source_;
  Playback playback_;
  double per_second_;
};

}  // namespace

RecordResult Record(const RecordOptions& options, const std::atomic<bool>& stop) {
  if (!Movie::IsMovie(options.out) && options.out.extension() != ".png") {
    throw agent::InputError("--out: '" + options.out.string() + "' must end in .mp4, .gif or .png");
  }
  RequireReplaceable(options.out);
  RequireFont(options.font.empty() ? kDefaultFont : options.font);
  return EpisodeRecorder(options, stop).Run();
}

}  // namespace nabla::viewer
