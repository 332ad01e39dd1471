// The HTML report and the plots: they show the analysis, the report is self-contained, and only the
// plots need gnuplot.
#include "apps/experiment/report/html_report.h"

#include <cstdlib>

#include "agent/state/file_io.h"
#include "apps/experiment/report/gnuplot.h"
#include "apps/experiment/report/plots.h"
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
  if (!RunGnuplot("")) return test::Skip("gnuplot is not installed");
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
  if (!RunGnuplot("")) return test::Skip("gnuplot is not installed");
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
  if (!RunGnuplot("")) return test::Skip("gnuplot is not installed");
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
  if (!RunGnuplot("")) return test::Skip("gnuplot is not installed");
  CHECK_THROWS_WITH(RunGnuplot("plot nonsense from nowhere\n"),
                    ContainsText("gnuplot: ") && !ContainsText("\n"));
  CHECK(GnuplotString("it's \n\"x\"") == "'it''s \"x\"'");
}

}  // namespace
}  // namespace nabla::experiment
