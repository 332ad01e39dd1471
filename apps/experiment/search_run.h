// Runs a search from its file to its results: RunExperiment for a file with `search`.
#pragma once

#include "apps/experiment/execution/ranks.h"
#include "apps/experiment/experiment.h"
#include "apps/experiment/search/search.h"

namespace nabla::experiment {

// `ranks` is null without mpirun. Throws InputError if the folder is not that of this search.
ExperimentEnd RunSearch(const ExperimentFile& file, const ExperimentOptions& options, Ranks* ranks,
                        const std::atomic<bool>& stop);

}  // namespace nabla::experiment
