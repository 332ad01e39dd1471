// The HTML report and the plots: they show the analysis, the report is self-contained, and only the
// plots need gnuplot.
#include "apps/experiment/report/html_report.h"

#include <cstdlib>

#include "agent/state/file_io.h"
#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/gnuplot.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using test::ContainsText;

constexpr const char* kPageExperiment =
    "description: Is <slow> worse & why?\n"
    "base: tiny.yaml\n"
    "seeds: 0-1\n"
    "configurations: {TD3: {}, \"it's \\\"slow\\\" <b>\": {agent.polyak_rate: 0.001}}\n"
    "thresholds: [-2000]\n";

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool HasGnuplot() {
  try {
    RunGnuplot({});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST_CASE("The report is self-contained and says what ran and how to repeat it") {
  const Bench bench;
  bench.Write("e.yaml", kPageExperiment);
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml", "--jobs", "2"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  const std::string page = bench.Read("experiments/e/report.html");
  CHECK_THAT(page, ContainsText("Is &lt;slow&gt; worse &amp; why?"));
  CHECK_THAT(page, ContainsText("nabla experiment e.yaml --jobs 2"));
  CHECK_THAT(page, ContainsText("prefers-color-scheme: dark"));
  CHECK_THAT(page, ContainsText("agent.polyak_rate=0.001"));
  CHECK_THAT(page, ContainsText("cores</td>"));
  CHECK(!Has(page, "<b>"));
  CHECK(!Has(page, "<script"));
  CHECK(!Has(page, "src="));
  CHECK(!Has(page, "href=\"http"));
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  CHECK_THAT(page, ContainsText("<svg viewBox"));
  CHECK_THAT(page, ContainsText("var(--s1)"));
  CHECK(!Has(page, "rgb("));  // every colour follows the style sheet
  CHECK(!Has(page, "#ffffff\"/>"));
  for (const char* name : {"curves", "profile", "aggregates", "improvement"}) {
    const std::string path = std::string("experiments/e/plots/") + name;
    CHECK_THAT(bench.Read(path + ".svg"), ContainsText("</svg>"));
    CHECK(bench.Read(path + ".png").substr(1, 3) == "PNG");
  }
  CHECK_THAT(bench.Read("experiments/e/plots/curves.svg"), ContainsText("environment steps"));
}

TEST_CASE("Every task has its curves, whatever its name") {
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0\nscore: [-1600, 0]\n"
              "tasks: {light-v1: {set: {environment.parameters.mass: 0.8}}, 'a b': {}}\n");
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  CHECK(!Has(ended.output, "no plots"));
  CHECK_THAT(bench.Read("experiments/e/plots/curves_light-v1.svg"), ContainsText("</svg>"));
}

TEST_CASE("plot draws the chart that is asked for, in the format of the file name") {
  const Bench bench;
  bench.Write("e.yaml", kPageExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  const Ended wrong = Nabla(bench.path(), {"plot", "experiments/e", "--out", "curves.pdf"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.output, ContainsText("the extension must be .svg or .png"));
  CHECK(Nabla(bench.path(), {"plot", "experiments/e", "--what", "pie"}).code == 2);
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  CHECK(
      Nabla(bench.path(), {"plot", "experiments/e", "--out", "a.png", "--what", "profile"}).code ==
      0);
  CHECK(bench.Read("a.png").substr(1, 3) == "PNG");
  CHECK(Nabla(bench.path(), {"plot", "experiments/e/TD3/seed_0", "--out", "run.svg"}).code == 0);
  CHECK_THAT(bench.Read("run.svg"), ContainsText("return (sum of rewards of an episode)"));
}

TEST_CASE("Without gnuplot only the plots are missing, and a line says so") {
  const Bench bench;
  bench.Write("e.yaml", kPageExperiment);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml"});
  const Ended plot = Nabla(bench.path(), {"plot", "experiments/e"});
  ::setenv("PATH", path.c_str(), 1);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output, ContainsText(kNoGnuplot));
  CHECK(plot.code == 1);
  CHECK_THAT(plot.output, ContainsText("gnuplot-nox"));
  const std::string page = bench.Read("experiments/e/report.html");
  CHECK_THAT(page, ContainsText("gnuplot is not installed"));
  CHECK_THAT(page, ContainsText("Time to a threshold"));
  CHECK(fs::exists(bench / "experiments/e/aggregate.csv"));
}

TEST_CASE("An error of gnuplot is reported in one line") {
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  CHECK_THROWS_WITH(RunGnuplot({{"svg", "plot nonsense from nowhere\n"}}),
                    ContainsText("gnuplot: ") && !ContainsText("\n"));
  CHECK(GnuplotString("it's \n\"x\"") == "\"it\\047s \\134x0A\\042x\\042\"");
}

TEST_CASE("Names in a chart are text, and a path is a path, whatever they contain") {
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  const Bench bench;
  bench.Write("e.yaml",
              "base: tiny.yaml\nseeds: 0-1\nconfigurations:\n"
              "  \"100%s %n `touch a.hacked` <i>&amp;\": {}\n"
              "  \"'; system('touch b.hacked'); '$(touch c.hacked)\": {agent.gamma: 0.9}\n");
  const Ended ended = Nabla(bench.path(), {"experiment", "e.yaml"});
  INFO(ended.output);
  CHECK(ended.code == 0);
  const std::string svg = bench.Read("experiments/e/plots/aggregates.svg");
  CHECK_THAT(svg, ContainsText("100%s %n `touch a.hacked` &lt;i>&amp;amp;"));
  CHECK_THAT(bench.Read("experiments/e/report.html"),
             ContainsText("&#39;; system(&#39;touch b.hacked&#39;); &#39;$(touch c.hacked)"));
  const std::string out = "|touch d.hacked;.svg";
  CHECK(Nabla(bench.path(), {"plot", "experiments/e", "--out", out}).code == 0);
  CHECK_THAT(bench.Read(out), ContainsText("</svg>"));
  fs::rename(bench / "experiments/e", bench / "|touch e.hacked;");
  CHECK(Nabla(bench.path(), {"report", "|touch e.hacked;"}).code == 0);
  for (const std::string& name : agent::ListFolder(bench.path())) {
    CHECK(!name.ends_with(".hacked"));
  }
}

TEST_CASE("A plot that does not fit on the disk is an error, and the old file stays") {
  if (!HasGnuplot()) return test::Skip("gnuplot is not installed");
  const Bench bench;
  bench.Write("e.yaml", kPageExperiment);
  CHECK(Nabla(bench.path(), {"experiment", "e.yaml", "--quiet"}).code == 0);
  bench.Write("curves.svg", "old");
  // 4 blocks of 1024 bytes are more than the script and less than the chart.
  const Ended ended =
      Program(bench.path(), {"-c", "ulimit -f 4; exec '" NABLA_PROGRAM "' plot experiments/e"},
              "/bin/bash")
          .Wait();
  INFO(ended.output);
  CHECK(ended.code == 1);
  CHECK(bench.Read("curves.svg") == "old");
}

}  // namespace
}  // namespace nabla::experiment
