// The style of a chart (terminal, colours, font), and the conversion of gnuplot's SVG for a page.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/gnuplot.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

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

}  // namespace

std::string ScriptFor(const Chart& chart, ChartFormat format, const std::string& path) {
  int height = chart.height;
  const bool is_inline = format == ChartFormat::kInline;
  const std::string legend = is_inline ? "unset key\n" : Legend(chart, height);
  const std::string title = is_inline ? ""
                                      : fmt::format("set title {} textcolor rgb {}\n",
                                                    GnuplotString(chart.title), Hex(kInk));
  const bool panels = chart.script.find("set multiplot") != std::string::npos;
  std::string terminal;
  if (format == ChartFormat::kPng) {  // twice the size, for high-resolution screens and print
    terminal = fmt::format(
        "pngcairo noenhanced size {},{} font 'DejaVu Sans,10' fontscale 2 "
        "linewidth 2 pointscale 2 background rgb 'white'",
        2 * chart.width, 2 * height);
  } else {
    terminal = fmt::format("svg noenhanced size {},{} dynamic font 'Sans,13' name {}{}",
                           chart.width, height, GnuplotString("nabla_" + Identifier(chart.name)),
                           is_inline ? "" : " background rgb 'white'");
  }
  return fmt::format(
      "reset session\nset encoding utf8\nset terminal {}\nset output {}\n{}{}{}{}"
      "unset output\n",
      terminal, GnuplotString(path), Style(), legend, panels ? "" : title, chart.script);
}

std::string InlineSvg(const Chart& chart, std::string_view svg) {
  std::string text(svg);
  const std::size_t begin = text.find("<svg");
  if (begin != std::string::npos) text.erase(0, begin);
  Drop(text, "<desc>", "</desc>");
  Drop(text, "<title>", "</title>");  // tooltips of gnuplot; the legend has the names
  Drop(text, "font-family=\"", "\" ");
  for (const Color& color : kPalette) {
    const std::uint32_t r = color.rgb >> 16, g = color.rgb >> 8 & 0xff, b = color.rgb & 0xff;
    const std::string property = fmt::format("var({})", color.property);
    ReplaceAll(text, fmt::format("rgb({:3}, {:3}, {:3})", r, g, b), property);  // of lines
    ReplaceAll(text, fmt::format("rgb({},{},{})", r, g, b), property);          // of text
  }
  // Identifiers must be unique in the whole page.
  for (const std::string name : {"gpDot", "gpPt", "textbox", "greybox", "gnuplot_"}) {
    ReplaceAll(text, name, chart.name + "." + name);
  }
  ReplaceAll(text, "fill=\"#ffffff\"", "fill=\"none\"");
  ReplaceAll(text, "'black'", "'var(--ink)'");
  ReplaceAll(text, "\"black\"", "\"var(--ink)\"");
  const std::size_t end = text.find('>');
  if (end == std::string::npos) return "";
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}", chart.width,
                     chart.height, chart.name, text.substr(end + 1));
}

}  // namespace nabla::experiment
