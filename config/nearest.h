// Suggests the name that the user may have meant. The distance between names is the Damerau-
// Levenshtein distance (optimal string alignment, Damerau 1964): the smallest number of insertions,
// deletions, substitutions and swaps of adjacent characters that turns one into the other. Case is
// ignored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::config {

std::string LowerCase(std::string_view text);  // of ASCII letters

int EditDistance(std::string_view a, std::string_view b);

// The candidate closest to `name`; "" if none is close enough to be a typing error (more than a
// third of the characters differ, and neither name begins with the other). The earlier candidate
// wins a tie.
std::string Nearest(std::string_view name, const std::vector<std::string>& candidates);

// All candidates, closest first; ties keep their order.
std::vector<std::string> ByNearness(std::string_view name, std::vector<std::string> candidates);

// The end of an error message: "; did you mean 'gamma'? (keys here: gamma, batch)", without the
// question if no candidate is close. `label` introduces the list.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates,
                       std::string_view label);

}  // namespace nabla::config
