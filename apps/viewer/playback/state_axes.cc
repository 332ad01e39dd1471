#include "apps/viewer/playback/state_axes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "apps/viewer/playback/mouse_drag.h"

namespace nabla::viewer {
namespace {

constexpr int kEpisodes = 20;
constexpr int kStepsPerEpisode = 200;
constexpr int kStepsPerAction = 8;  // independent actions in every step would average out

// The text after "state" in the description, including continuation lines.
std::string StateText(std::string_view description) {
  constexpr std::string_view kKey = "\nstate ";
  const std::size_t start = description.find(kKey);
  if (start == std::string_view::npos) return "";
  std::string text;
  std::size_t at = start + kKey.size();
  while (at < description.size()) {
    const std::size_t end = std::min(description.find('\n', at), description.size());
    text += std::string(description.substr(at, end - at)) + " ";
    at = end + 1;
    if (at >= description.size() || description[at] != ' ') break;
  }
  return text.substr(0, text.find(';'));
}

std::string Trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// The parts between commas, without text in parentheses.
std::vector<std::string> Parts(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0 && c == ',') {
      parts.emplace_back();
    } else if (depth == 0) {
      parts.back() += c;
    }
    if (c == ')') --depth;
  }
  return parts;
}

// The bounds are widened to multiples of this.
double NiceStep(double span) { return std::pow(10, std::floor(std::log10(span))) / 2; }

// The extent of each of the first `count` states in episodes of random actions.
std::vector<Extent> VisitedRanges(const envs::Environment& environment, std::size_t count,
                                  const StopCheck& stop) {
  const envs::Spec& spec = environment.spec();
  const auto copy = environment.Clone();
  envs::Vector observation(spec.observation_size);
  envs::Vector action = spec.action_low;
  Rng rng(0, "viewer.axes");
  std::vector<Extent> visited(count);
  for (int episode = 0; episode < kEpisodes; ++episode) {
    copy->Reset(rng, observation);
    for (int step = 0; step < kStepsPerEpisode && !stop(); ++step) {
      if (step % kStepsPerAction == 0) {
        for (Eigen::Index i = 0; i < action.size(); ++i) {
          action[i] = rng.Uniform(spec.action_low[i], spec.action_high[i]);
        }
      }
      const envs::Vector state = copy->State();
      for (std::size_t i = 0; i < count; ++i) {
        visited[i].Add(state[static_cast<Eigen::Index>(i)]);
      }
      const envs::StepResult result = copy->Step(action, observation);
      if (result.terminated || result.truncated) break;
    }
  }
  return visited;
}

}  // namespace

std::vector<StateAxis> NameStates(std::string_view description, int state_size) {
  std::vector<StateAxis> axes;
  for (const std::string& part : Parts(StateText(description))) {
    const std::size_t open = part.find('[');
    StateAxis axis;
    axis.index = static_cast<int>(axes.size());
    axis.name = Trimmed(part.substr(0, open));
    if (axis.name.empty()) continue;
    if (open != std::string::npos) {
      axis.unit = part.substr(open + 1, part.find(']', open) - open - 1);
      for (auto before = axes.rbegin(); before != axes.rend() && before->unit.empty(); ++before) {
        before->unit = axis.unit;
      }
    }
    axes.push_back(axis);
  }
  // A description of an n-dimensional state gives no names.
  if (static_cast<int>(axes.size()) > state_size) axes.clear();
  while (static_cast<int>(axes.size()) < state_size) {
    StateAxis& axis = axes.emplace_back();
    axis.index = static_cast<int>(axes.size()) - 1;
    axis.name = "state " + std::to_string(axes.size());
  }
  return axes;
}

StateAxes::StateAxes(const envs::Environment& environment, const StopCheck& stop)
    : axes_(NameStates(environment.Description(), environment.spec().state_size)),
      turns_(axes_.size(), false) {
  const std::vector<Extent> visited = VisitedRanges(environment, axes_.size(), stop);
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const Range range = visited[i].range();
    const double margin = std::max(0.05 * range.width(), 1e-3 * (1 + std::abs(range.high)));
    axes_[i].range = Drawable({range.low - margin, range.high + margin});
    if (axes_[i].unit != "rad" || range.width() < std::numbers::pi) continue;
    turns_[i] = true;
    axes_[i].range = {-std::numbers::pi, std::numbers::pi};
  }
  const MouseDrag mouse_drag(environment);
  default_pair_ = {0, std::min(1, count() - 1)};
  for (std::size_t j = mouse_drag.coordinates().size(); j-- > 0;) {
    if (mouse_drag.velocities()[j] < 0) continue;
    const int q = mouse_drag.coordinates()[j];
    // The last angle, else the first coordinate: for a pole on a cart, the pole.
    const bool better =
        axes_[static_cast<std::size_t>(q)].unit == "rad" || axis(default_pair_.first).unit != "rad";
    if (better) default_pair_ = {q, mouse_drag.velocities()[j]};
  }
}

bool StateAxes::Include(const envs::Vector& state) {
  bool changed = false;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const double x = OnAxis(static_cast<int>(i), state[static_cast<Eigen::Index>(i)]);
    Range& range = axes_[i].range;
    if (!std::isfinite(x) || turns_[i] || (x >= range.low && x <= range.high)) continue;
    const double step = NiceStep(range.width());
    if (x < range.low) range.low = std::floor(x / step - 0.5) * step;
    if (x > range.high) range.high = std::ceil(x / step + 0.5) * step;
    range = Drawable(range);
    changed = true;
  }
  return changed;
}

double StateAxes::OnAxis(int i, double x) const {
  return turns_[static_cast<std::size_t>(i)] ? std::remainder(x, 2 * std::numbers::pi) : x;
}

}  // namespace nabla::viewer
