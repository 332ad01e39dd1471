// What a search has found: the ranking of its trials, what each parameter was worth, and the best
// one as a task file.
//
//   search.csv    a row a trial, the best first        best.yaml   the best trial, to train as it
//   is search.json   the same, the jobs in their order, and all that defines the search
//
// None of them holds a time: the same search gives the same bytes, whatever --jobs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/experiment/report/table.h"
#include "apps/experiment/search/search.h"

namespace nabla::experiment {

// How much a parameter decides by itself, over the trials of the first rung: the share of the
// variance of the scores' ranks that lies between groups of its values, without what chance would
// give (ε², Kelley 1935; the main effect of a functional ANOVA). A method that narrows its search
// has few trials far from the best: then it is a hint, no measurement.
struct Importance {
  std::string parameter;
  double share = 0;      // 0 … 1
  double direction = 0;  // Spearman's rank correlation; 0 for choices
};

// In the order of the parameters; empty where there are too few trials.
std::vector<Importance> ImportanceOf(const std::vector<Parameter>& parameters,
                                     const std::vector<Point>& points,
                                     const std::vector<double>& scores);
std::vector<Importance> ImportanceOf(const Search& search);

nlohmann::json ResultsToJson(const Search& search);

// Writes the three files; best.yaml only where a trial has a score.
void WriteResults(const Search& search, const ExperimentPaths& paths);

// The best trials, at most so many, and the importance, from what ResultsToJson gave.
std::vector<Table> SearchTables(const nlohmann::json& results, std::size_t rows);

// The same from the folder of an experiment; empty if it has no search. Throws InputError for a
// file that is damaged.
std::vector<Table> SearchTables(const ExperimentPaths& paths, std::size_t rows);

}  // namespace nabla::experiment
