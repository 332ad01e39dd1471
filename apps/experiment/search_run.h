// Runs a search from its file to its results: what RunExperiment does for a file with `search`.
#pragma once

#include "apps/experiment/execution/ranks.h"
#include "apps/experiment/experiment.h"
#include "apps/experiment/search/search.h"

namespace nabla::experiment {

// `ranks`: null without mpirun. Throws InputError for a folder of something else.
ExperimentEnd RunSearch(const ExperimentFile& file, const ExperimentOptions& options, Ranks* ranks,
                        const std::atomic<bool>& stop);

}  // namespace nabla::experiment
