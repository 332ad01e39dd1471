// Draws charts with gnuplot: terminal, colours and font, and the conversion of its SVG for a page.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "agent/state/file_io.h"
#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/gnuplot.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;

struct Color {
  const char* property;  // of the page's style sheet
  std::uint32_t rgb;     // on white
};

// After Okabe & Ito (2008), whose colours are distinct for any colour vision; without their yellow,
// which is hard to see on white. The first eight are the colours of the series.
constexpr std::array<Color, kColors + 4> kPalette = {{
    {"--s1", 0x0072B2},
    {"--s2", 0xD55E00},
    {"--s3", 0x009E73},
    {"--s4", 0xCC79A7},
    {"--s5", 0xE69F00},
    {"--s6", 0x56B4E9},
    {"--s7", 0x6A51A3},
    {"--s8", 0x7F7F7F},
    {"--ink", 0x1B1F24},
    {"--quiet", 0x5B6470},
    {"--line", 0xE3E6EA},
    {"--paper", 0xFFFFFF},
}};
constexpr std::size_t kInk = kColors, kQuiet = kColors + 1, kLine = kColors + 2;

std::string Hex(std::size_t color) { return fmt::format("'#{:06x}'", kPalette[color].rgb); }

std::string Style() {
  std::string script;
  for (std::size_t k = 0; k < kColors; ++k) {
    script += fmt::format("set linetype {} lc rgb {} lw 2 pt 7\n", k + 1, Hex(k));
  }
  script += fmt::format("set linetype 9 lc rgb {}\nset linetype 10 lc rgb {}\n", Hex(kQuiet),
                        Hex(kQuiet));
  script += fmt::format("set border 3 lc rgb {} lw 1\n", Hex(kQuiet));
  script += fmt::format("set grid lt 1 lc rgb {} lw 1\n", Hex(kLine));
  script += fmt::format("set tics nomirror out scale 0.5 textcolor rgb {}\n", Hex(kQuiet));
  for (const char* axis : {"xlabel", "ylabel"}) {
    script += fmt::format("set {} textcolor rgb {}\n", axis, Hex(kInk));
  }
  return script;
}

// Labels below the axes, in as many columns as fit.
std::string Legend(const Chart& chart, int& height) {
  if (chart.series.empty()) return "unset key\n";
  std::size_t longest = 0;
  for (const Series& series : chart.series) longest = std::max(longest, text::Width(series.name));
  const int width = 50 + 8 * static_cast<int>(longest);
  const int columns = std::clamp(chart.width / width, 1, static_cast<int>(chart.series.size()));
  const int rows = (static_cast<int>(chart.series.size()) + columns - 1) / columns;
  height += 18 * rows;
  return fmt::format(
      "set key outside below center horizontal Left reverse maxcols {} textcolor rgb {} "
      "samplen 2 spacing 1.2\nset xlabel offset 0,0.4\n",
      columns, Hex(kInk));
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t i = 0; (i = text.find(from, i)) != std::string::npos; i += to.size()) {
    text.replace(i, from.size(), to);
  }
}

// Removes every `begin` … `end`.
void Drop(std::string& text, std::string_view begin, std::string_view end) {
  for (std::size_t i; (i = text.find(begin)) != std::string::npos;) {
    const std::size_t last = text.find(end, i);
    if (last == std::string::npos) return;
    text.erase(i, last + end.size() - i);
  }
}

// gnuplot accepts only letters, digits and _ in the name of an SVG.
std::string Identifier(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

std::string SvgTerminal(const Chart& chart, int height) {
  return fmt::format("svg noenhanced size {},{} dynamic font 'Sans,13' name {}", chart.width,
                     height, GnuplotString("nabla_" + Identifier(chart.name)));
}

enum class Format { kSvg, kPng, kInline };

GnuplotScript ScriptFor(const Chart& chart, Format format) {
  int height = chart.height;
  if (format == Format::kInline) {
    return {SvgTerminal(chart, height), Style() + "unset key\n" + chart.script};
  }
  std::string commands = Style() + Legend(chart, height);
  if (chart.script.find("set multiplot") == std::string::npos) {
    commands +=
        fmt::format("set title {} textcolor rgb {}\n", GnuplotString(chart.title), Hex(kInk));
  }
  // A PNG has twice the size, for high-resolution screens and print.
  const std::string terminal =
      format == Format::kSvg
          ? SvgTerminal(chart, height)
          : fmt::format(
                "pngcairo noenhanced size {},{} font 'DejaVu Sans,10' fontscale 2 "
                "linewidth 2 pointscale 2",
                2 * chart.width, 2 * height);
  return {terminal + " background rgb 'white'", commands + chart.script};
}

// A tag of gnuplot's SVG with the colours and the font of the page.
std::string PageTag(const Chart& chart, std::string tag) {
  Drop(tag, "font-family=\"", "\" ");
  for (const Color& color : kPalette) {
    const std::uint32_t r = color.rgb >> 16, g = color.rgb >> 8 & 0xff, b = color.rgb & 0xff;
    const std::string property = fmt::format("var({})", color.property);
    ReplaceAll(tag, fmt::format("rgb({:3}, {:3}, {:3})", r, g, b), property);  // of lines
    ReplaceAll(tag, fmt::format("rgb({},{},{})", r, g, b), property);          // of text
  }
  // Identifiers must be unique in the whole page.
  for (const std::string name : {"gpDot", "gpPt", "textbox", "greybox", "gnuplot_"}) {
    ReplaceAll(tag, name, chart.name + "." + name);
  }
  ReplaceAll(tag, "fill=\"#ffffff\"", "fill=\"none\"");
  ReplaceAll(tag, "'black'", "'var(--ink)'");
  ReplaceAll(tag, "\"black\"", "\"var(--ink)\"");
  return tag;
}

// The SVG that gnuplot has drawn as kInline, made part of an HTML page: its colours become the
// custom properties --ink, --quiet, --line, --paper and --s1 … --s8 of the page, its font the
// page's.
std::string InlineSvg(const Chart& chart, std::string text) {
  const std::size_t begin = text.find("<svg");
  if (begin != std::string::npos) text.erase(0, begin);
  Drop(text, "<desc>", "</desc>");
  Drop(text, "<title>", "</title>");  // tooltips of gnuplot; the legend has the names
  // Only the tags change: the text between them is the user's.
  std::string svg;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('<', at), text.size());
    const std::size_t close = std::min(text.find('>', open), text.size() - 1) + 1;
    svg += text.substr(at, open - at) + PageTag(chart, text.substr(open, close - open));
    at = close;
  }
  const std::size_t end = svg.find('>');
  if (end == std::string::npos) return "";
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}", chart.width,
                     chart.height, chart.name, svg.substr(end + 1));
}

}  // namespace

std::vector<fs::path> DrawAll(std::vector<Chart>& charts, const fs::path& folder) {
  std::vector<GnuplotScript> scripts;
  for (const Chart& chart : charts) {
    for (const Format format : {Format::kSvg, Format::kPng, Format::kInline}) {
      scripts.push_back(ScriptFor(chart, format));
    }
  }
  const std::vector<std::string> pictures = RunGnuplot(scripts);
  agent::CreateFolders(folder);
  std::vector<fs::path> files;
  for (std::size_t k = 0; k < charts.size(); ++k) {
    for (const char* ending : {".svg", ".png"}) {
      files.push_back(folder / (charts[k].name + ending));
      agent::WriteFileAtomically(files.back(), pictures[3 * k + (ending[1] == 's' ? 0 : 1)]);
    }
    charts[k].svg = InlineSvg(charts[k], pictures[3 * k + 2]);
  }
  return files;
}

std::vector<fs::path> WritePlots(const std::vector<Chart>& charts, const fs::path& out) {
  const std::string ending = out.extension().string();
  if (ending != ".svg" && ending != ".png") {
    throw agent::InputError(out.string() + ": the extension must be .svg or .png");
  }
  if (charts.empty()) throw agent::InputError("there is nothing to plot: no run is finished");
  std::vector<GnuplotScript> scripts;
  for (const Chart& chart : charts) {
    scripts.push_back(ScriptFor(chart, ending == ".svg" ? Format::kSvg : Format::kPng));
  }
  const std::vector<std::string> pictures = RunGnuplot(scripts);
  std::vector<fs::path> files;
  for (std::size_t k = 0; k < charts.size(); ++k) {
    const std::string suffix = k == 0 ? "" : "_" + std::to_string(k + 1);
    files.push_back(out.parent_path() / (out.stem().string() + suffix + ending));
    agent::WriteFileAtomically(files.back(), pictures[k]);
  }
  return files;
}

}  // namespace nabla::experiment
