#include "envs/registry/environment_description.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace nabla::envs {
namespace {

std::string Numbers(const std::vector<double>& values) {
  std::ostringstream text;
  text.precision(10);
  for (std::size_t i = 0; i < values.size(); ++i) text << (i == 0 ? "" : ", ") << values[i];
  return text.str();
}

// The width of UTF-8 text in a terminal: continuation bytes take no column.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, Width(text)), ' ');
}

}  // namespace

std::string FormatDescription(const Environment& environment) {
  const Spec& spec = environment.spec();
  std::ostringstream text;
  text << spec.name << "\n\n" << environment.Description() << "\n\n";
  text << "sizes        " << spec.state_size << " states, " << spec.observation_size
       << " observations, " << spec.action_size << " actions\n";
  text << "bounds       ";
  for (int i = 0; i < spec.action_size; ++i) {
    text << (i == 0 ? "" : ", ") << "a in [" << spec.action_low[i] << ", " << spec.action_high[i]
         << "]";
  }
  text << "\ntime         " << spec.time_step << " s per step, truncated after " << spec.step_limit
       << " steps (" << spec.time_step * spec.step_limit << " s)\n";
  text << "reward       in [" << spec.reward_low << ", " << spec.reward_high << "] per step\n"
       << "derivatives  " << (environment.differentiable() != nullptr ? "exact" : "none") << '\n';

  const std::vector<Parameter> parameters = environment.Parameters();
  if (parameters.empty()) return text.str();
  text << "\nparameters (environment.parameters)\n";
  std::size_t name_width = 0, value_width = 0, unit_width = 0;
  for (const Parameter& p : parameters) {
    name_width = std::max(name_width, Width(p.name));
    value_width = std::max(value_width, Width(Numbers(p.value)));
    unit_width = std::max(unit_width, Width(p.unit));
  }
  for (const Parameter& p : parameters) {
    text << "  " << Padded(p.name, name_width) << "  " << Padded(Numbers(p.value), value_width)
         << "  " << Padded(p.unit, unit_width) << "  in [" << p.low << ", " << p.high << "]\n";
  }
  return text.str();
}

}  // namespace nabla::envs
