// Whether the returns of two runs can be compared: they must be returns of the same task.
#pragma once

#include <string>
#include <vector>

#include "agent/training/task.h"
#include "config/config.h"

namespace nabla::experiment {

// The config with the values that its environment uses where the file has none: the step limit and
// the physical constants.
agent::TaskConfig Resolved(agent::TaskConfig config);

// The keys in which two resolved configs describe different tasks. What the agent observes of the
// same physics, and how often it acts, is a choice of the agent, as its algorithm is.
std::vector<config::Difference> TaskDifferences(const agent::TaskConfig& left,
                                                const agent::TaskConfig& right);

// The other keys on which the results depend, except the seed.
std::vector<config::Difference> OtherDifferences(const agent::TaskConfig& left,
                                                 const agent::TaskConfig& right);

}  // namespace nabla::experiment
