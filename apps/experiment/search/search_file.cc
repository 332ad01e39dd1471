#include "apps/experiment/search/search_file.h"

#include <algorithm>

#include "config/config.h"
#include "config/error.h"

namespace nabla::experiment {
namespace {

using config::Node;

class SpecReader {
 public:
  SpecReader(const ExperimentFile& file, std::int64_t steps) : file_(file), steps_(steps) {}

  SearchSpec Read() {
    Node node = *file_.search;
    if (node.kind != Node::Kind::kMapping) {
      Fail(node.place,
           "search: expected keys and values, such as {method: tpe, parameters: {...}}");
    }
    if (!file_.configurations.empty() || !file_.grid.empty()) {
      Fail(node.place, "search: it chooses the configurations; leave out configurations and grid");
    }
    Node parameters = TakeParameters(node);
    ReadConfig(std::move(node));
    spec_.parameters = ReadParameters(parameters, file_.document);
    SetRungs();
    CheckMethod();
    return std::move(spec_);
  }

 private:
  // The block as it stands in the file, for the paths of the messages.
  struct Block {
    SearchConfig search;

    template <class Archive>
    void Visit(Archive& ar) {
      ar("search", search, "");
    }
  };

  void ReadConfig(Node node) {
    config::Document part{{}, file_.document.sources};
    part.root.kind = Node::Kind::kMapping;
    part.root.keys = {{"search", node.place}};
    part.root.items.push_back(std::move(node));
    Block block;
    const std::vector<config::KnownKey> all_keys = config::AllKeys(config::FieldsOf(block));
    config::Reader(part, all_keys).Read(block);
    spec_.config = block.search;
  }

  [[noreturn]] void Fail(const config::Place& place, const std::string& text) const {
    throw config::Error(file_.document.Where(place) + text);
  }

  Node TakeParameters(Node& node) const {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (node.keys[i].name != "parameters") continue;
      Node taken = std::move(node.items[i]);
      node.keys.erase(node.keys.begin() + static_cast<std::ptrdiff_t>(i));
      node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(i));
      return taken;
    }
    Fail(node.place, "search.parameters: missing; write {agent.gamma: {linear: [0.9, 0.999]}}");
  }

  void SetRungs() {
    const auto& [reduction, steps, seeds] = spec_.config.halving;
    const std::size_t count = std::max({steps.size(), seeds.size(), std::size_t{1}});
    for (std::size_t r = 0; r < count; ++r) {
      if ((!steps.empty() && steps.size() != count) || (!seeds.empty() && seeds.size() != count)) {
        Fail(file_.search->place,
             "search.halving: steps and seeds have a value each for every rung");
      }
      spec_.rungs.push_back(
          {steps.empty() ? steps_ : steps[r],
           seeds.empty() ? file_.seeds.size() : static_cast<std::size_t>(seeds[r])});
      const Rung& rung = spec_.rungs.back();
      if (rung.seeds > file_.seeds.size()) {
        Fail(file_.search->place, "search.halving.seeds: " + std::to_string(rung.seeds) +
                                      ", but the file lists " + std::to_string(file_.seeds.size()) +
                                      " seeds");
      }
      if (r == 0) continue;
      const Rung& below = spec_.rungs[r - 1];
      if (rung.steps < below.steps || rung.seeds < below.seeds ||
          (rung.steps == below.steps && rung.seeds == below.seeds)) {
        Fail(file_.search->place,
             "search.halving: each rung has more steps or seeds than the one below, and fewer of "
             "neither");
      }
    }
  }

  void CheckMethod() const {
    if (spec_.config.method != "cma_es") return;
    if (spec_.rungs.size() > 1) {
      Fail(file_.search->place,
           "search.halving: cma_es compares whole generations, which have one rung; use tpe, "
           "random or latin_hypercube");
    }
    const int population = spec_.config.population;
    if (population > 0 && population < 4) {
      Fail(file_.search->place,
           "search.population: a generation has 4 trials at least; 0: its own");
    }
  }

  const ExperimentFile& file_;
  std::int64_t steps_;
  SearchSpec spec_;
};

}  // namespace

HalvingOptions SearchSpec::halving() const {
  return {.trials = static_cast<std::size_t>(config.trials),
          .rungs = rungs.size(),
          .reduction = config.halving.reduction,
          .parallel = static_cast<std::size_t>(config.parallel)};
}

SamplerOptions SearchSpec::sampler() const {
  return {.method = config.method,
          .trials = static_cast<std::size_t>(config.trials),
          .seed = config.seed,
          .population = config.population};
}

std::vector<Coordinate> SearchSpec::coordinates() const {
  std::vector<Coordinate> coordinates;
  for (const Parameter& parameter : parameters) coordinates.push_back(parameter.coordinate());
  return coordinates;
}

SearchSpec ReadSearch(const ExperimentFile& file, std::int64_t steps) {
  return SpecReader(file, steps).Read();
}

}  // namespace nabla::experiment
