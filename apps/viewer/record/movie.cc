#include "apps/viewer/record/movie.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "agent/state/csv.h"
#include "apps/viewer/record/piped_process.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

// Protects names with a colon or a leading dash.
std::string FileArgument(const fs::path& file) { return "file:" + file.string(); }

fs::path Beside(const fs::path& file, const std::string& ending) {
  fs::path name = agent::TemporaryFor(file);
  name += ending;
  return name;
}

using Words = std::vector<std::string>;

Words Joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// An ffmpeg that prints errors only and does not read the terminal.
Words Ffmpeg(const Words& arguments) {
  return Joined({"ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"}, arguments);
}

void Remove(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
}

}  // namespace

bool Movie::IsMovie(const fs::path& file) {
  return file.extension() == ".mp4" || file.extension() == ".gif";
}

Movie::Movie(fs::path file, int width, int height, double frames_per_second)
    : file_(std::move(file)),
      width_(width),
      height_(height),
      frames_per_second_(frames_per_second),
      complete_(agent::TemporaryFor(file_)),
      video_(Beside(file_, ".mkv")),
      palette_(Beside(file_, ".palette.png")) {
  if (!IsMovie(file_)) {
    throw agent::InputError("'" + file_.string() +
                            "' is not a movie; the name must end in .mp4 or .gif");
  }
  const bool is_gif = file_.extension() == ".gif";
  if (!is_gif && (width % 2 != 0 || height % 2 != 0)) {
    throw agent::InputError("the size of a .mp4 must be even, not " + std::to_string(width) + "x" +
                            std::to_string(height));
  }
  if (!IsOnPath("ffmpeg")) {
    throw agent::InputError(
        "cannot write " + file_.string() +
        ": ffmpeg is not installed; install the package ffmpeg, or write pictures: --out "
        "frame_%04d.png");
  }
  { agent::OutputFile probe(complete_); }  // reports problems with the folder early
  process_ = std::make_unique<PipedProcess>(is_gif ? VideoArguments() : Mp4Arguments());
}

Movie::~Movie() {
  process_.reset();
  for (const fs::path& file : {complete_, video_, palette_}) Remove(file);
}

std::vector<std::string> Movie::Input() const {
  return Ffmpeg({"-f", "rawvideo", "-pixel_format", "bgr0", "-video_size",
                 std::to_string(width_) + "x" + std::to_string(height_), "-framerate",
                 agent::ShortestText(frames_per_second_), "-i", "pipe:0"});
}

std::vector<std::string> Movie::Mp4Arguments() const {
  return Joined(Input(),
                {"-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p",
                 "-movflags", "+faststart", "-f", "mp4", FileArgument(complete_)});
}

std::vector<std::string> Movie::VideoArguments() const {
  return Joined(Input(), {"-filter_complex",
                          "[0:v]split[video][all];[all]palettegen=stats_mode=full[palette]", "-map",
                          "[video]", "-c:v", "ffv1", "-f", "matroska", FileArgument(video_), "-map",
                          "[palette]", "-c:v", "png", "-f", "image2pipe", FileArgument(palette_)});
}

std::vector<std::string> Movie::GifArguments() const {
  return Ffmpeg({"-i", FileArgument(video_), "-i", FileArgument(palette_), "-lavfi",
                 "paletteuse=dither=none:diff_mode=rectangle", "-loop", "0", "-f", "gif",
                 FileArgument(complete_)});
}

void Movie::Add(const Surface& picture) { process_->Write(std::as_bytes(picture.pixels())); }

void Movie::Finish() {
  process_->Finish();
  if (file_.extension() == ".gif") {
    process_ = std::make_unique<PipedProcess>(GifArguments());
    process_->Finish();
  }
  process_.reset();
  const agent::FileDescriptor file(complete_, O_RDONLY, "read");
  if (::fsync(file.get()) != 0) throw agent::IoError("write", complete_, errno);
  agent::Rename(complete_, file_);
}

}  // namespace nabla::viewer
