// The part of an experiment's page that says what its search has found.
#pragma once

#include <vector>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/report/page.h"

namespace nabla::experiment {

// None for an experiment without a search. Throws InputError for a damaged search.json.
std::vector<Section> SearchSections(const ExperimentPaths& paths);

}  // namespace nabla::experiment
