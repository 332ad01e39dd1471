// nabla record
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "agent/state/file_io.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/text/text.h"
#include "apps/viewer/record/record.h"

namespace nabla::apps {
namespace {

struct RecordArguments {
  viewer::RecordOptions record;
  std::string size = "1280x720";
  std::string theme = "dark";
  bool json = false;
};

int Record(RecordArguments& options) {
  const Size size = ParseSize(options.size, {160, 90}, {7680, 4320});
  options.record.width = size.width;
  options.record.height = size.height;
  options.record.dark = options.theme == "dark";
  HandleRunSignals();
  const viewer::RecordResult recorded = [&options] {
    try {
      return viewer::Record(options.record, StopRequested());
    } catch (const std::exception&) {
      if (StopSignal() == 0) throw;
      return viewer::RecordResult();
    }
  }();
  if (StopSignal() != 0) return 128 + StopSignal();
  const std::string out = options.record.out.string();
  if (options.json) {
    PrintJson({{"out", out},
               {"frames", recorded.frames},
               {"seconds", recorded.seconds},
               {"return", recorded.total_reward}});
  } else {
    fmt::print("{}: {}, {:.2f} s, return so far {:.2f}\n", agent::OneLine(out),
               text::Count(recorded.frames, "picture"), recorded.seconds, recorded.total_reward);
  }
  return 0;
}

}  // namespace

void AddRecord(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("record", "Record an episode as a movie or as images, without a window");
  auto options = std::make_shared<RecordArguments>();
  viewer::RecordOptions& record = options->record;
  command.add_option("run", record.run, "Run folder")->required()->type_name("DIR");
  command
      .add_option("--out", record.out,
                  "Output file: .mp4, .gif, .png (one image) or frame_%04d.png (all images)")
      ->required()
      ->type_name("FILE");
  AddCheckpoint(command, record.checkpoint);
  AddSeed(command, record.seed, "Seed of the start state (default: 0)");
  command.add_option("--size", options->size, "Size in pixels (default: 1280x720)")
      ->type_name("WxH");
  command
      .add_option(
          "--seconds", record.seconds,
          "Duration in seconds (default: the whole episode); for one .png, its time (default: 2)")
      ->check(CLI::Range(0.001, 3600.0))
      ->type_name("S");
  command
      .add_option("--fps", record.frames_per_second,
                  "Frames per second (default: 60 for .mp4, else 25)")
      ->check(CLI::Range(1.0, 240.0))
      ->type_name("N");
  command.add_option("--theme", options->theme, "Theme: dark (default) or light")
      ->check(CLI::IsMember({"dark", "light"}));
  command
      .add_option("--panels", record.panels, "Comma-separated names of panels, or all (default)")
      ->type_name("NAMES");
  command.add_option("--font", record.font, "Font family (default: DejaVu Sans)")
      ->type_name("NAME");
  AddJson(command, options->json);
  command.footer("Example:\n  nabla record runs/latest --out frame.png --panels environment\n");
  command.callback([options, &exit_code] { exit_code = Record(*options); });
}

}  // namespace nabla::apps
