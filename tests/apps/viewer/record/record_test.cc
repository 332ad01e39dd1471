// nabla record as a user runs it: pictures, movies, and errors.
#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <sys/stat.h>

#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/record/piped_process.h"
#include "tests/apps/program.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// A place with a small run in it.
struct TrainedPlace : Workplace {
  TrainedPlace() { Succeed("train task.yaml --run-dir run --steps 300 --quiet"); }
};

std::vector<std::string> FilesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// The output of the command without trailing white space.
std::string OutputOf(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 256> text{};
  const std::size_t length = std::fread(text.data(), 1, text.size(), pipe);
  ::pclose(pipe);
  std::string output(text.data(), length);
  while (!output.empty() && std::isspace(output.back())) output.pop_back();
  return output;
}

std::string FramesAndSize(const fs::path& movie) {
  return OutputOf(
      "ffprobe -v error -count_frames -select_streams v:0 -show_entries "
      "stream=width,height,nb_read_frames -of csv=p=0 '" +
      movie.string() + "'");
}

TEST_CASE("record writes a picture, the same one every time") {
  const TrainedPlace nabla;
  nabla.Succeed("record run --out a.png --size 640x360 --seconds 0.5");
  nabla.Succeed("record run --out b.png --size 640x360 --seconds 0.5");
  const auto picture = viewer::Surface::ReadPng(nabla / "a.png");
  CHECK(picture.width() == 640);
  CHECK(picture.height() == 360);
  CHECK(Read(nabla / "a.png") == Read(nabla / "b.png"));
  nabla.Succeed("record run --out c.png --size 640x360 --seconds 0.5 --seed 1");
  CHECK(Read(nabla / "a.png") != Read(nabla / "c.png"));
  nabla.Succeed(
      "record run --out d.png --size 500x400 --checkpoint best --theme light "
      "--panels environment,value_map");
  CHECK(viewer::Surface::ReadPng(nabla / "d.png").width() == 500);
}

TEST_CASE("record numbers pictures") {
  const TrainedPlace nabla;
  const auto report = nlohmann::json::parse(
      nabla
          .Succeed("record run --out p%03d.png --size 320x200 --seconds 0.4 --fps 10 "
                   "--panels environment --json")
          .out);
  CHECK(report["frames"] == 4);
  for (const char* name : {"p000.png", "p001.png", "p002.png", "p003.png"}) {
    CHECK(fs::exists(nabla / name));
  }
  CHECK_FALSE(fs::exists(nabla / "p004.png"));
}

TEST_CASE("record writes movies with every frame") {
  if (!viewer::IsOnPath("ffmpeg") || !viewer::IsOnPath("ffprobe")) {
    return Skip("ffmpeg or ffprobe is not installed");
  }
  const TrainedPlace nabla;
  const auto before = FilesIn(nabla.path());
  nabla.Succeed("record run --out e.mp4 --size 320x200 --seconds 0.5 --panels environment");
  CHECK(FramesAndSize(nabla / "e.mp4") == "320,200,30");
  nabla.Succeed("record run --out e.gif --size 321x201 --seconds 0.4 --panels environment");
  CHECK(FramesAndSize(nabla / "e.gif") == "321,201,10");
  CHECK(FilesIn(nabla.path()).size() == before.size() + 2);  // no other files
}

TEST_CASE("record: no name is read as an option, a pattern, an address or a command") {
  if (!viewer::IsOnPath("ffmpeg")) return Skip("ffmpeg is not installed");
  const TrainedPlace nabla;
  for (const std::string name :
       {"-y", "a%03d", "http:a", "concat:a|b", "pipe:1", "a'b", "a\nb", "|touch X", "$(touch X)",
        "`touch X`", "<a>&\"", "\x1b[31m", "\xff"}) {
    for (const char* ending : {".mp4", ".gif"}) {
      const auto before = FilesIn(nabla.path());
      const ProcessResult result =
          nabla.Run({"record", "run", "--out=" + name + ending, "--size", "160x90", "--seconds",
                     "0.1", "--fps", "10", "--panels", "environment"});
      INFO(name << ending << result.err);
      CHECK(result.exit_code == 0);
      CHECK(result.out.find('\x1b') == std::string::npos);
      CHECK(Lines(result.out).size() == 1);
      std::vector<std::string> expected = before;
      expected.push_back(name + ending);
      std::sort(expected.begin(), expected.end());
      CHECK(FilesIn(nabla.path()) == expected);
      CHECK(fs::file_size(nabla / (name + ending)) > 100);
    }
  }
}

TEST_CASE("record: only the name of a file numbers pictures, not its folder") {
  const TrainedPlace nabla;
  fs::create_directory(nabla / "a%20b%d");
  nabla.Succeed("record run --out a%20b%d/p.png --size 160x90 --seconds 0.1");
  nabla.Succeed("record run --out a%20b%d/q%d.png --size 160x90 --seconds 0.1 --fps 10");
  CHECK(FilesIn(nabla / "a%20b%d") == std::vector<std::string>{"p.png", "q0.png"});
}

TEST_CASE("record: links and files of other kinds in the way are not followed") {
  if (!viewer::IsOnPath("ffmpeg")) return Skip("ffmpeg is not installed");
  const TrainedPlace nabla;
  const std::string arguments = " --size 160x90 --seconds 0.1 --panels environment";
  for (const std::string name : {"a.mp4", "a.gif"}) {
    INFO(name);
    Write(nabla / "precious", "do not touch");
    fs::create_symlink("precious", nabla / (".tmp_" + name));
    nabla.Succeed("record run --out " + name + arguments);
    CHECK(Read(nabla / "precious") == "do not touch");
    REQUIRE(::mkfifo((nabla / (".tmp_" + name)).c_str(), 0600) == 0);
    nabla.Succeed("record run --out " + name + arguments);
  }
  fs::create_directory(nabla / "folder.mp4");
  REQUIRE(::mkfifo((nabla / "fifo.png").c_str(), 0600) == 0);
  for (const std::string name : {"folder.mp4", "fifo.png"}) {
    CHECK(IsRefusal(nabla("record run --out " + name + arguments), {name, "regular"}));
  }
}

TEST_CASE("record: pictures with numbers replace the old ones together or not at all") {
  const TrainedPlace nabla;
  const std::string line = "record run --out p%d.png --size 160x90 --fps 10 --panels network";
  nabla.Succeed(line + " --seconds 0.2");
  Write(nabla / "p0.png", "old");  // the new p0.png would fit on the disk, p1.png is a folder
  fs::remove(nabla / "p1.png");
  fs::create_directory(nabla / ".tmp_p1.png");
  const auto before = FilesIn(nabla.path());
  CHECK(IsFailure(nabla(line + " --seconds 0.2"), 1, {"p1.png"}));
  CHECK(Read(nabla / "p0.png") == "old");
  CHECK(FilesIn(nabla.path()) == before);
}

TEST_CASE("record: SIGTERM ends it while ffmpeg does not read or does not end") {
  const std::string path = std::getenv("PATH");
  for (const char* script : {"touch started; exec sleep 1000",  // reads nothing
                             "cat >/dev/null; touch started; exec sleep 1000"}) {
    INFO(script);
    const TrainedPlace nabla;
    Write(nabla / "ffmpeg", "#!/bin/sh\n" + std::string(script) + "\n");
    fs::permissions(nabla / "ffmpeg", fs::perms::owner_all);
    ::setenv("PATH", (nabla.path().string() + ":" + path).c_str(), 1);
    const auto record = nabla.Start("record run --out a.mp4 --seconds 0.1 --fps 10");
    ::setenv("PATH", path.c_str(), 1);
    REQUIRE(record->WaitUntil([&] { return fs::exists(nabla / "started"); }));
    record->Signal(SIGTERM);
    CHECK(record->Wait().exit_code == 128 + SIGTERM);
    CHECK_FALSE(fs::exists(nabla / "a.mp4"));
    CHECK_FALSE(fs::exists(nabla / ".tmp_a.mp4"));
  }
}

TEST_CASE("record needs no folder for temporary files") {
  if (!viewer::IsOnPath("ffmpeg")) return Skip("ffmpeg is not installed");
  const TrainedPlace nabla;
  ::setenv("TMPDIR", "/nonexistent", 1);
  const ProcessResult result = nabla("record run --out a.mp4 --size 160x90 --seconds 0.1");
  ::unsetenv("TMPDIR");
  INFO(result.err);
  CHECK(result.exit_code == 0);
}

TEST_CASE("record: a run whose metrics are huge or not finite is drawn") {
  const TrainedPlace nabla;
  auto rows = Lines(Read(nabla / "run" / "progress.csv"));
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const char* const values[] = {"1e308", "-1e308", "inf", "nan"};
    if (i > 0) {
      const auto fields = std::count(rows[i].begin(), rows[i].end(), ',');
      rows[i] = rows[i].substr(0, rows[i].find(','));
      for (std::ptrdiff_t k = 0; k < fields; ++k) {
        rows[i] += std::string(",") + values[(static_cast<std::size_t>(k) + i) % 4];
      }
    }
    text += rows[i] + "\n";
  }
  REQUIRE(rows.size() > 1);
  Write(nabla / "run" / "progress.csv", text);
  nabla.Succeed("record run --out a.png --size 640x360 --seconds 0.1");
  CHECK(viewer::Surface::ReadPng(nabla / "a.png").width() == 640);
}

TEST_CASE("a process that cannot be started leaves no open file") {
  const auto open_files = [] { return FilesIn("/proc/self/fd").size(); };
  const std::size_t before = open_files();
  CHECK_THROWS_AS(viewer::PipedProcess({"/nonexistent/program"}), std::system_error);
  CHECK(open_files() == before);
  const viewer::PipedProcess process({"cat"});
  CHECK(open_files() == before + 2);  // its standard input and the file of its standard error
}

TEST_CASE("record refuses invalid arguments in one line and leaves no files") {
  const TrainedPlace nabla;
  const auto before = Snapshot(nabla.path());
  const auto refuses = [&](const std::string& line, const std::vector<std::string>& parts) {
    INFO(line);
    const ProcessResult result = nabla(line);
    INFO(result.err);
    CHECK(IsRefusal(result, parts));
  };
  refuses("record run --out movie.avi", {"movie.avi", ".mp4"});
  refuses("record run --out a.png --panels everything", {"everything", "value_map"});
  refuses("record run --out a.png --size big", {"--size", "big"});
  refuses("record run --out a.mp4 --size 321x201", {"321x201"});
  refuses("record run --out a_%s.png", {"%04d"});
  refuses("record run --out a.png --font Nonesuch", {"Nonesuch", "fc-list"});
  refuses("record run --out a.png --checkpoint 77", {"77"});
  refuses("record nowhere --out a.png", {"nowhere"});
  for (const char* out : {"gone/a.png", "gone/a.mp4", "gone/a.gif"}) {
    INFO(out);
    CHECK(IsFailure(nabla("record run --seconds 0.1 --out " + std::string(out)), 1, {"gone"}));
  }
  CHECK(Snapshot(nabla.path()) == before);
}

TEST_CASE("record without ffmpeg names the package") {
  const TrainedPlace nabla;
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  const ProcessResult result = nabla("record run --out a.mp4 --seconds 0.1");
  const ProcessResult picture = nabla("record run --out a.png --seconds 0.1 --size 320x200");
  ::setenv("PATH", path.c_str(), 1);
  CHECK(IsRefusal(result, {"ffmpeg", "frame_%04d.png"}));
  CHECK(picture.exit_code == 0);
}

TEST_CASE("record leaves no movie on a full disk or if ffmpeg fails") {
  if (!viewer::IsOnPath("ffmpeg")) return Skip("ffmpeg is not installed");
  const TrainedPlace nabla;
  const auto before = FilesIn(nabla.path());
  for (const char* out : {"a.mp4", "a.gif"}) {
    INFO(out);
    const std::string line = "record run --seconds 1 --out " + std::string(out);
    const ProcessResult full = nabla(line, {.file_size_limit = 4096});
    INFO(full.err);
    CHECK(IsFailure(full, 1, {"ffmpeg"}));
    CHECK(FilesIn(nabla.path()) == before);
  }
  Write(nabla / "ffmpeg", "#!/bin/sh\nhead -c 100000 >/dev/null\necho 'no more' >&2\nexit 3\n");
  fs::permissions(nabla / "ffmpeg", fs::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (nabla.path().string() + ":" + path).c_str(), 1);
  const ProcessResult died = nabla("record run --seconds 1 --out a.mp4");
  ::setenv("PATH", path.c_str(), 1);
  INFO(died.err);
  CHECK(IsFailure(died, 1, {"ffmpeg", "no more"}));
  CHECK_FALSE(fs::exists(nabla / "a.mp4"));
  CHECK_FALSE(fs::exists(nabla / ".tmp_a.mp4"));
}

}  // namespace
}  // namespace nabla::test
