// nabla record
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "agent/state/file_io.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/viewer/record/record.h"

namespace nabla::apps {
namespace {

struct RecordArguments {
  viewer::RecordOptions record;
  std::string size = "1280x720";
  std::string theme = "dark";
  bool json = false;
};

void ParseSize(const std::string& text, int& width, int& height) {
  int used = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &used) != 2 ||
      used != static_cast<int>(text.size()) || width < 160 || height < 90 || width > 7680 ||
      height > 4320) {
    throw agent::InputError("--size: '" + text +
                            "' is no size from 160x90 to 7680x4320; write it as 1920x1080");
  }
}

int Record(RecordArguments& options) {
  ParseSize(options.size, options.record.width, options.record.height);
  options.record.dark = options.theme == "dark";
  HandleRunSignals();
  const viewer::Recorded recorded = [&options] {
    try {
      return viewer::Record(options.record, StopRequested());
    } catch (const std::exception&) {
      if (StopSignal() == 0) throw;
      return viewer::Recorded();
    }
  }();
  if (StopSignal() != 0) return 128 + StopSignal();
  const std::string out = options.record.out.string();
  if (options.json) {
    const nlohmann::json report = {{"out", out},
                                   {"frames", recorded.frames},
                                   {"seconds", recorded.seconds},
                                   {"return", recorded.total_reward}};
    std::puts(report.dump().c_str());
  } else {
    fmt::print("{}: {} {}, {:.2f} s, return so far {:.2f}\n", out, recorded.frames,
               recorded.frames == 1 ? "picture" : "pictures", recorded.seconds,
               recorded.total_reward);
  }
  return 0;
}

}  // namespace

void AddRecord(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("record", "Record an episode as a movie or pictures, without a window");
  auto options = std::make_shared<RecordArguments>();
  viewer::RecordOptions& record = options->record;
  command.add_option("run", record.run, "Run folder")->required()->type_name("DIR");
  command.add_option("--out", record.out, ".mp4, .gif, .png, or frame_%04d.png for all pictures")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--checkpoint", record.checkpoint,
                  "best, latest (default) or a step that is kept")
      ->type_name("WHICH");
  AddSeed(command, "Seed of the start state (default: 0)",
          [&seed = record.seed](std::uint64_t value) { seed = value; });
  command.add_option("--size", options->size, "Size in pixels (1280x720)")->type_name("WxH");
  command
      .add_option("--seconds", record.seconds,
                  "How long (default: to the end of the episode); of one .png: when (2)")
      ->check(CLI::Range(0.001, 3600.0))
      ->type_name("S");
  command.add_option("--fps", record.frames_per_second, "Pictures a second (.mp4: 60, else 25)")
      ->check(CLI::Range(1.0, 240.0))
      ->type_name("N");
  command.add_option("--theme", options->theme, "dark (default) or light")
      ->check(CLI::IsMember({"dark", "light"}));
  command.add_option("--panels", record.panels, "all (default), or names with commas between them")
      ->type_name("NAMES");
  command.add_option("--font", record.font, "Font family (DejaVu Sans)")->type_name("NAME");
  command.add_flag("--json", options->json, "Print one JSON object");
  command.footer("Example:\n  nabla record runs/latest --out frame.png --panels environment\n");
  command.callback([options, &exit_code] { exit_code = Record(*options); });
}

}  // namespace nabla::apps
