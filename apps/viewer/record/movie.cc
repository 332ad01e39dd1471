#include "apps/viewer/record/movie.h"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

#include "agent/state/csv.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

// Creates a file in place of a leftover of a killed process, without following a link.
agent::FileDescriptor NewFile(const fs::path& file) {
  ::unlink(file.c_str());
  return {file, O_RDWR | O_CREAT | O_EXCL, "write"};
}

// A new file that is deleted when it is closed.
agent::FileDescriptor ScratchFile(const fs::path& beside, const std::string& ending) {
  fs::path name = agent::TemporaryFor(beside);
  name += ending;
  agent::FileDescriptor file = NewFile(name);
  ::unlink(name.c_str());
  return file;
}

}  // namespace

bool Movie::IsMovie(const fs::path& file) {
  return file.extension() == ".mp4" || file.extension() == ".gif";
}

Movie::Movie(fs::path file, int width, int height, double frames_per_second,
             const std::atomic<bool>& stop)
    : file_(std::move(file)), is_gif_(file_.extension() == ".gif"), stop_(stop) {
  if (!IsMovie(file_)) {
    throw agent::InputError("'" + file_.string() +
                            "' is not a movie; the name must end in .mp4 or .gif");
  }
  if (!is_gif_ && (width % 2 != 0 || height % 2 != 0)) {
    throw agent::InputError("the size of a .mp4 must be even, not " + std::to_string(width) + "x" +
                            std::to_string(height));
  }
  if (!IsOnPath("ffmpeg")) {
    throw agent::InputError(
        "cannot write " + file_.string() +
        ": ffmpeg is not installed; install the package ffmpeg, or write pictures: --out "
        "frame_%04d.png");
  }
  complete_.emplace(agent::TemporaryFor(file_));
  const std::string first = PipedProcess::NameOf(0), second = PipedProcess::NameOf(1);
  std::vector<std::string> arguments = {"-f", "rawvideo", "-pixel_format", "bgr0", "-video_size"};
  const auto add = [&arguments](std::initializer_list<std::string> more) {
    arguments.insert(arguments.end(), more);
  };
  add({std::to_string(width) + "x" + std::to_string(height)});
  add({"-framerate", agent::ShortestText(frames_per_second), "-i", "pipe:0"});
  if (is_gif_) {
    video_ = ScratchFile(file_, ".mkv");
    palette_ = ScratchFile(file_, ".palette.png");
    add({"-filter_complex", "[0:v]split[video][all];[all]palettegen=stats_mode=full[palette]"});
    add({"-map", "[video]", "-c:v", "ffv1", "-f", "matroska", first});
    add({"-map", "[palette]", "-c:v", "png", "-f", "image2pipe", second});
    Start(arguments, {&video_, &palette_});
  } else {
    add({"-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p"});
    add({"-movflags", "+faststart", "-f", "mp4", first});
    Start(arguments, {&complete_->file});
  }
}

Movie::Temporary::Temporary(const fs::path& path) : file(NewFile(path)) {}

Movie::Temporary::~Temporary() { ::unlink(file.path().c_str()); }

// Starts an ffmpeg that prints errors only and does not read the terminal.
void Movie::Start(const std::vector<std::string>& arguments, const PipedProcess::Files& files) {
  std::vector<std::string> words = {"ffmpeg",    "-hide_banner", "-nostdin",
                                    "-loglevel", "error",        "-y"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<PipedProcess>(words, files, stop_);
}

void Movie::Add(const Surface& picture) { process_->Write(std::as_bytes(picture.pixels())); }

void Movie::Finish() {
  process_->Finish();
  if (is_gif_) {
    Start({"-f", "matroska", "-i", PipedProcess::NameOf(0), "-f", "png_pipe", "-i",
           PipedProcess::NameOf(1), "-lavfi", "paletteuse=dither=none:diff_mode=rectangle", "-loop",
           "0", "-f", "gif", PipedProcess::NameOf(2)},
          {&video_, &palette_, &complete_->file});
    process_->Finish();
  }
  process_.reset();
  complete_->file.Sync();
  agent::Rename(complete_->file.path(), file_);
}

}  // namespace nabla::viewer
