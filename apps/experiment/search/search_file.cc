#include "apps/experiment/search/search_file.h"

#include <algorithm>

#include "apps/experiment/plan/node.h"

namespace nabla::experiment {
namespace {

using config::Node;

class SpecReader {
 public:
  SpecReader(const ExperimentFile& file, std::int64_t steps) : file_(file), steps_(steps) {}

  SearchSpec Read() {
    Node node = *file_.search;
    if (node.kind != Node::Kind::kMapping) {
      Fail("search: expected keys and values, such as {method: tpe, parameters: {...}}");
    }
    if (!file_.configurations.empty() || !file_.grid.empty()) {
      Fail("search: it chooses the configurations; remove configurations and grid");
    }
    const std::optional<Node> parameters = Take(node, "parameters");
    if (!parameters) {
      Fail("search.parameters: missing; write {agent.gamma: {linear: [0.9, 0.999]}}");
    }
    ReadStruct(spec_.config, node, "search", file_.document);
    spec_.parameters = ReadParameters(*parameters, file_.document);
    SetRungs();
    CheckMethod();
    return std::move(spec_);
  }

 private:
  [[noreturn]] void Fail(const std::string& text) const {
    FailAt(file_.document, file_.search->place, text);
  }

  void SetRungs() {
    const auto& [reduction, steps, seeds] = spec_.config.halving;
    const std::size_t count = std::max({steps.size(), seeds.size(), std::size_t{1}});
    for (std::size_t r = 0; r < count; ++r) {
      if ((!steps.empty() && steps.size() != count) || (!seeds.empty() && seeds.size() != count)) {
        Fail("search.halving: steps and seeds need one value per rung");
      }
      spec_.rungs.push_back(
          {steps.empty() ? steps_ : steps[r],
           seeds.empty() ? file_.seeds.size() : static_cast<std::size_t>(seeds[r])});
      const Rung& rung = spec_.rungs.back();
      if (rung.seeds > file_.seeds.size()) {
        Fail("search.halving.seeds: " + std::to_string(rung.seeds) + ", but the file lists " +
             std::to_string(file_.seeds.size()) + " seeds");
      }
      if (r == 0) continue;
      const Rung& below = spec_.rungs[r - 1];
      if (rung.steps < below.steps || rung.seeds < below.seeds ||
          (rung.steps == below.steps && rung.seeds == below.seeds)) {
        Fail(
            "search.halving: each rung needs more steps or seeds than the one below, and not fewer "
            "of either");
      }
    }
  }

  void CheckMethod() const {
    if (spec_.config.method != SearchMethod::kCmaEs) return;
    if (spec_.rungs.size() > 1) {
      Fail(
          "search.halving: cma_es compares whole generations and allows only one rung; use tpe, "
          "random or latin_hypercube");
    }
    const int population = spec_.config.population;
    if (population > 0 && population < 4) {
      Fail("search.population: expected at least 4 trials per generation, or 0 for the default");
    }
  }

  const ExperimentFile& file_;
  std::int64_t steps_;
  SearchSpec spec_;
};

}  // namespace

SearchSpec ReadSearch(const ExperimentFile& file, std::int64_t steps) {
  return SpecReader(file, steps).Read();
}

}  // namespace nabla::experiment
