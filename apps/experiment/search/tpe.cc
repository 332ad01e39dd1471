#include "apps/experiment/search/tpe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nabla::experiment {
namespace {

constexpr double kGoodShare = 0.2;  // γ
constexpr int kCandidates = 24;
constexpr double kPriorCenter = 0.5, kPriorWidth = 1;
constexpr double kNarrowest = 100;  // a width is at least 1 / min(this, points + 1)

double NormalCumulative(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

int ChoiceOf(double u, int choices) { return std::min(static_cast<int>(u * choices), choices - 1); }

}  // namespace

Parzen::Parzen(const Coordinate& coordinate, const std::vector<double>& values)
    : choices_(coordinate.choices) {
  if (choices_ > 0) {
    shares_.assign(static_cast<std::size_t>(choices_), 1);
    for (const double u : values) ++shares_[static_cast<std::size_t>(ChoiceOf(u, choices_))];
    const auto total = static_cast<double>(values.size() + shares_.size());
    for (double& share : shares_) share /= total;
    return;
  }
  centers_ = values;
  std::sort(centers_.begin(), centers_.end());
  const double narrowest = 1 / std::min(kNarrowest, static_cast<double>(centers_.size()) + 1);
  for (std::size_t i = 0; i < centers_.size(); ++i) {
    const double left = centers_[i] - (i == 0 ? 0 : centers_[i - 1]);
    const double right = (i + 1 == centers_.size() ? 1 : centers_[i + 1]) - centers_[i];
    widths_.push_back(std::clamp(std::max(left, right), narrowest, 1.0));
  }
  centers_.push_back(kPriorCenter);
  widths_.push_back(kPriorWidth);
  for (std::size_t i = 0; i < centers_.size(); ++i) {
    masses_.push_back(NormalCumulative((1 - centers_[i]) / widths_[i]) -
                      NormalCumulative((0 - centers_[i]) / widths_[i]));
  }
}

double Parzen::Density(double u) const {
  if (choices_ > 0) {
    return shares_[static_cast<std::size_t>(ChoiceOf(u, choices_))] * choices_;
  }
  double sum = 0;
  for (std::size_t i = 0; i < centers_.size(); ++i) {
    const double z = (u - centers_[i]) / widths_[i];
    sum += std::exp(-z * z / 2) / (widths_[i] * masses_[i]);
  }
  return sum / (std::sqrt(2 * std::numbers::pi) * static_cast<double>(centers_.size()));
}

double Parzen::Draw(Rng& rng) const {
  if (choices_ > 0) {
    double rest = rng.Uniform();
    int choice = 0;
    while (choice + 1 < choices_ && rest >= shares_[static_cast<std::size_t>(choice)]) {
      rest -= shares_[static_cast<std::size_t>(choice++)];
    }
    return (choice + 0.5) / choices_;
  }
  const std::size_t i = rng.Below(centers_.size());
  for (;;) {  // the centre is in [0, 1], and so is at least a third of the draws
    const double u = centers_[i] + widths_[i] * rng.Normal();
    if (u >= 0 && u < 1) return u;
  }
}

Point SuggestByTpe(const std::vector<Coordinate>& coordinates, const std::vector<Point>& best_first,
                   Rng& rng) {
  const auto count = static_cast<double>(best_first.size());
  const auto good = static_cast<std::size_t>(std::ceil(kGoodShare * count));
  Point suggested;
  for (std::size_t d = 0; d < coordinates.size(); ++d) {
    std::vector<double> values;
    for (const Point& point : best_first) values.push_back(point[d]);
    const auto border = values.begin() + static_cast<std::ptrdiff_t>(good);
    const Parzen l(coordinates[d], {values.begin(), border});
    const Parzen g(coordinates[d], {border, values.end()});
    double best = 0, best_ratio = -1;
    for (int k = 0; k < kCandidates; ++k) {
      const double u = l.Draw(rng);
      const double ratio = l.Density(u) / g.Density(u);
      if (ratio > best_ratio) best = u, best_ratio = ratio;
    }
    suggested.push_back(best);
  }
  return suggested;
}

}  // namespace nabla::experiment
