#include "envs/core/names.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace nabla::envs {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (Lower(a[i - 1]) != Lower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

}  // namespace

std::string UnknownName(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known) {
  std::size_t best = std::max<std::size_t>(1, name.size() / 3);
  std::vector<std::string> nearest;
  for (const std::string& candidate : known) {
    const bool longer = name.size() >= 3 && StartsWith(candidate, name);
    const std::size_t distance = longer ? 1 : EditDistance(name, candidate);
    if (distance > best) continue;
    if (distance < best) nearest.clear();
    best = distance;
    nearest.push_back(candidate);
  }
  std::string message = "unknown " + std::string(what) + " '" + std::string(name) + "'";
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    message += (i == 0 ? "; did you mean '" : " or '") + nearest[i] + "'";
  }
  message += nearest.empty() ? "; known: " : "? Known: ";
  for (std::size_t i = 0; i < known.size(); ++i) message += (i == 0 ? "" : ", ") + known[i];
  return known.empty() ? message + "none" : message;
}

}  // namespace nabla::envs
