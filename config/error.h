// Error: the exception of this folder, thrown if a config cannot be used.
//
// what() is one line. It names the place, the key and a remedy:
//   tasks/pendulum.yaml:7:3: agent.gama: unknown key; did you mean 'gamma'? (keys here: gamma,
//   batch)
//   --set agent.gamma=2: agent.gamma: 2 is out of range; it must lie between 0 and 1
//   cannot read 'tasks/pendulm.yaml': No such file or directory; did you mean
//   'tasks/pendulum.yaml'?
#pragma once

#include <stdexcept>

namespace nabla::config {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nabla::config
