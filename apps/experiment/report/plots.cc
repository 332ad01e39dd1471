#include "apps/experiment/report/plots.h"

#include "agent/state/file_io.h"
#include "apps/experiment/report/gnuplot.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;

struct Output {
  const Chart* chart;
  ChartFormat format;
  fs::path path;
};

// gnuplot writes temporary files, which are renamed once all of them are complete.
bool Draw(const std::vector<Output>& outputs) {
  std::string script;
  for (const Output& output : outputs) {
    script += ScriptFor(*output.chart, output.format, agent::TemporaryFor(output.path).string());
  }
  if (!RunGnuplot(script)) return false;
  for (const Output& output : outputs) {
    agent::Rename(agent::TemporaryFor(output.path), output.path);
  }
  return true;
}

}  // namespace

Plots DrawAll(const std::vector<Chart>& charts, const fs::path& folder) {
  Plots plots;
  agent::CreateFolders(folder);
  std::vector<Output> outputs;
  for (const Chart& chart : charts) {
    outputs.push_back({&chart, ChartFormat::kSvg, folder / (chart.name + ".svg")});
    outputs.push_back({&chart, ChartFormat::kPng, folder / (chart.name + ".png")});
    outputs.push_back({&chart, ChartFormat::kInline, folder / (".inline_" + chart.name)});
  }
  plots.drawn = Draw(outputs);
  if (!plots.drawn) return plots;
  for (const Output& output : outputs) {
    if (output.format != ChartFormat::kInline) {
      plots.files.push_back(output.path);
      continue;
    }
    plots.svgs.push_back(InlineSvg(*output.chart, agent::ReadFile(output.path)));
    fs::remove(output.path);
  }
  return plots;
}

std::vector<fs::path> WritePlots(const std::vector<Chart>& charts, const fs::path& out) {
  const std::string ending = out.extension().string();
  if (ending != ".svg" && ending != ".png") {
    throw agent::InputError(out.string() + ": the extension must be .svg or .png");
  }
  if (charts.empty()) throw agent::InputError("there is nothing to plot: no run is finished");
  const ChartFormat format = ending == ".svg" ? ChartFormat::kSvg : ChartFormat::kPng;
  std::vector<Output> outputs;
  std::vector<fs::path> files;
  for (std::size_t k = 0; k < charts.size(); ++k) {
    const std::string suffix = k == 0 ? "" : "_" + std::to_string(k + 1);
    files.push_back(out.parent_path() / (out.stem().string() + suffix + ending));
    outputs.push_back({&charts[k], format, files.back()});
  }
  if (!Draw(outputs)) throw std::runtime_error(kNoGnuplot);
  return files;
}

}  // namespace nabla::experiment
