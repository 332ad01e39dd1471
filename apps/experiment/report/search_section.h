// The section of the HTML report with the results of a search.
#pragma once

#include <vector>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/report/html_report.h"

namespace nabla::experiment {

// Empty for an experiment without a search. Throws InputError for a damaged search.json.
std::vector<Section> SearchSections(const ExperimentPaths& paths);

}  // namespace nabla::experiment
