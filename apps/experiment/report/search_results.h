// The results of a search: the ranking of its trials, the importance of each parameter, and the
// best trial as a task file.
//
//   search.csv    one row per trial, the best first
//   search.json   the same, the jobs in their order, and the definition of the search
//   best.yaml     the task file of the best trial
//
// The files contain no times: the same search gives the same bytes for any --jobs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/experiment/report/table.h"
#include "apps/experiment/search/search.h"

namespace nabla::experiment {

// The main effect of a parameter over the trials of the first rung: the share of the variance of
// the scores' ranks that lies between groups of its values, corrected for chance (ε², Kelley 1935;
// the main effect of a functional ANOVA). A method that narrows its search makes few trials far
// from the best one, so that the share is only a hint.
struct Importance {
  std::string parameter;
  double share = 0;      // 0 … 1
  double direction = 0;  // Spearman's rank correlation; 0 for choices
};

// In the order of the parameters; empty if there are too few trials.
std::vector<Importance> ImportanceOf(const std::vector<SearchParameter>& parameters,
                                     const std::vector<Point>& points,
                                     const std::vector<double>& scores);
std::vector<Importance> ImportanceOf(const Search& search);

nlohmann::json ResultsToJson(const Search& search);

// Writes the three files; best.yaml only if a trial has a score.
void WriteResults(const Search& search, const ExperimentPaths& paths);

// The best trials, at most `rows`, and the importance, from the output of ResultsToJson.
std::vector<Table> SearchTables(const nlohmann::json& results, std::size_t rows);

// The same from the folder of an experiment; empty if it has no search. Throws InputError if the
// file is damaged.
std::vector<Table> SearchTables(const ExperimentPaths& paths, std::size_t rows);

}  // namespace nabla::experiment
