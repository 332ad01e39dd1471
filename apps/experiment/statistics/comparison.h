// Comparison: experiments and single runs side by side, as one plan with its results.
//
// Runs that differ in nothing but their seed are one configuration. A single run that is not
// finished counts as far as it went; units of an experiment do not.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct Comparison {
  Plan plan;
  std::vector<UnitResult> results;
  std::vector<std::string> notes;  // what the reader has to know, a line each
};

// Each path is the folder of an experiment or of a run. Throws InputError for another one, for the
// same twice, and for runs that cannot be compared: another evaluation, or another environment
// under the same name.
Comparison Collect(const std::vector<std::string>& paths);

// The numbers of the overview tables.
nlohmann::json ToJson(const Analysis& all);

}  // namespace nabla::experiment
