// Comparison: experiments and single runs, combined into one plan with its results.
//
// Runs that differ only in their seeds form one configuration. An unfinished single run counts up
// to its last evaluation; unfinished units of an experiment do not count.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct Comparison {
  Plan plan;
  std::vector<UnitResult> results;
  std::vector<std::string> notes;  // for the reader, one line each
};

// Each path is the folder of an experiment or of a run. Throws InputError for any other path, for
// the same folder twice, and, unless `insist`, for runs whose returns cannot be compared: different
// tasks (comparability.h) or numbers of episodes in an evaluation. The notes name all other
// differences. A copy of a run, and a second run with the same configuration and seed, is left out:
// it says nothing new.
Comparison Collect(const std::vector<std::string>& paths, bool insist = false);

// The numbers of the summary tables.
nlohmann::json ToJson(const Analysis& all);

}  // namespace nabla::experiment
