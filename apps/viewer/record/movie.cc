#include "apps/viewer/record/movie.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "agent/state/csv.h"
#include "apps/viewer/record/piped_process.h"

namespace nabla::viewer {
namespace {

namespace fs = std::filesystem;

// So that a name with a colon or a dash in front is a name.
std::string FileArgument(const fs::path& file) { return "file:" + file.string(); }

fs::path Beside(const fs::path& file, const std::string& ending) {
  fs::path name = agent::TemporaryFor(file);
  name += ending;
  return name;
}

void Append(std::vector<std::string>& to, std::vector<std::string> more) {
  for (std::string& word : more) to.push_back(std::move(word));
}

void Remove(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
}

}  // namespace

bool Movie::IsOne(const fs::path& file) {
  return file.extension() == ".mp4" || file.extension() == ".gif";
}

Movie::Movie(fs::path file, int width, int height, double frames_per_second)
    : file_(std::move(file)),
      width_(width),
      height_(height),
      frames_per_second_(frames_per_second),
      whole_(agent::TemporaryFor(file_)),
      film_(Beside(file_, ".mkv")),
      palette_(Beside(file_, ".palette.png")) {
  if (!IsOne(file_)) {
    throw agent::InputError("'" + file_.string() +
                            "' is no movie; its name must end in .mp4 or .gif");
  }
  const bool is_gif = file_.extension() == ".gif";
  if (!is_gif && (width % 2 != 0 || height % 2 != 0)) {
    throw agent::InputError("a .mp4 has even sizes; " + std::to_string(width) + "x" +
                            std::to_string(height) + " is none of them");
  }
  if (!IsOnPath("ffmpeg")) {
    throw agent::InputError(
        "there is no ffmpeg to write " + file_.string() +
        " with; install the package ffmpeg, or write pictures: --out frame_%04d.png");
  }
  { agent::OutputFile probe(whole_); }  // says at once what is wrong with the folder
  process_ = std::make_unique<PipedProcess>(is_gif ? FilmArguments() : Mp4Arguments());
}

Movie::~Movie() {
  process_.reset();
  for (const fs::path& file : {whole_, film_, palette_}) Remove(file);
}

std::vector<std::string> Movie::Input() const {
  return {"ffmpeg",
          "-hide_banner",
          "-nostdin",
          "-loglevel",
          "error",
          "-y",
          "-f",
          "rawvideo",
          "-pixel_format",
          "bgr0",
          "-video_size",
          std::to_string(width_) + "x" + std::to_string(height_),
          "-framerate",
          agent::ShortestText(frames_per_second_),
          "-i",
          "pipe:0"};
}

std::vector<std::string> Movie::Mp4Arguments() const {
  std::vector<std::string> words = Input();
  Append(words, {"-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p",
                 "-movflags", "+faststart", "-f", "mp4", FileArgument(whole_)});
  return words;
}

std::vector<std::string> Movie::FilmArguments() const {
  std::vector<std::string> words = Input();
  Append(words,
         {"-filter_complex", "[0:v]split[film][all];[all]palettegen=stats_mode=full[palette]",
          "-map", "[film]", "-c:v", "ffv1", "-f", "matroska", FileArgument(film_), "-map",
          "[palette]", "-c:v", "png", "-f", "image2pipe", FileArgument(palette_)});
  return words;
}

std::vector<std::string> Movie::GifArguments() const {
  return {"ffmpeg",
          "-hide_banner",
          "-nostdin",
          "-loglevel",
          "error",
          "-y",
          "-i",
          FileArgument(film_),
          "-i",
          FileArgument(palette_),
          "-lavfi",
          "paletteuse=dither=none:diff_mode=rectangle",
          "-loop",
          "0",
          "-f",
          "gif",
          FileArgument(whole_)};
}

void Movie::Add(const Surface& picture) { process_->Write(std::as_bytes(picture.pixels())); }

void Movie::Finish() {
  process_->Finish();
  if (file_.extension() == ".gif") {
    process_ = std::make_unique<PipedProcess>(GifArguments());
    process_->Finish();
  }
  process_.reset();
  const agent::FileDescriptor file(whole_, O_RDONLY, "read");
  if (::fsync(file.get()) != 0) throw agent::IoError("write", whole_, errno);
  agent::Rename(whole_, file_);
}

}  // namespace nabla::viewer
