// Which name did the user mean? Names are compared by their Damerau-Levenshtein distance (optimal
// string alignment: Damerau 1964): the least number of insertions, deletions, substitutions and
// swaps of neighbouring characters that turns one into the other. Upper and lower case count as the
// same letter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::config {

int EditDistance(std::string_view a, std::string_view b);

// The candidate closest to `name`, or "" when none is close enough to be a slip of the keyboard
// (more than a third of its characters differ, and neither begins with the other). The earlier
// candidate wins a tie.
std::string Nearest(std::string_view name, const std::vector<std::string>& candidates);

// All candidates, closest first; ties keep their order.
std::vector<std::string> ByNearness(std::string_view name, std::vector<std::string> candidates);

// The end of an error line: "; did you mean 'gamma'? (keys here: gamma, batch)", without the
// question when nothing is near. `label` is what stands before the list.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates,
                       std::string_view label);

}  // namespace nabla::config
