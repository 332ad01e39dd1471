#include "config/nearest.h"

#include <algorithm>
#include <cstddef>

namespace nabla::config {
namespace {

// A longer name is not a typing error, and the time is proportional to the product of the lengths.
constexpr std::size_t kLongestName = 256;

std::string ShortLowerCase(std::string_view name) {
  return LowerCase(name.substr(0, kLongestName));
}

bool BeginsWithOther(const std::string& a, const std::string& b) {
  constexpr std::size_t kShortest = 3;  // shorter prefixes say too little
  return std::min(a.size(), b.size()) >= kShortest && (a.starts_with(b) || b.starts_with(a));
}

}  // namespace

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

int EditDistance(std::string_view a_text, std::string_view b_text) {
  const std::string a = ShortLowerCase(a_text);
  const std::string b = ShortLowerCase(b_text);
  // Rows i-2, i-1 and i of the table d(i, j) = distance of the first i characters of a and the
  // first j of b.
  std::vector<int> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string> ByNearness(std::string_view name, std::vector<std::string> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [name](const std::string& a, const std::string& b) {
                     return EditDistance(name, a) < EditDistance(name, b);
                   });
  return candidates;
}

std::string Nearest(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string lower = ShortLowerCase(name);
  std::vector<std::string> near;
  for (const std::string& candidate : candidates) {
    const auto length = static_cast<int>(std::max(lower.size(), candidate.size()));
    if (EditDistance(name, candidate) <= std::max(1, length / 3) ||
        BeginsWithOther(lower, ShortLowerCase(candidate))) {
      near.push_back(candidate);
    }
  }
  return near.empty() ? "" : ByNearness(name, std::move(near)).front();
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates,
                       std::string_view label) {
  std::string text;
  if (const std::string nearest = Nearest(name, candidates); !nearest.empty()) {
    text = "; did you mean '" + nearest + "'?";
  }
  text += " (" + std::string(label) + ": ";
  for (std::size_t i = 0; i < candidates.size(); ++i) text += (i > 0 ? ", " : "") + candidates[i];
  return text + (candidates.empty() ? "none)" : ")");
}

}  // namespace nabla::config
