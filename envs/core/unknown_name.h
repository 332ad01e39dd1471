// The error for a name that is not in a table.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace nabla::envs {

// what() is "unknown <kind> '<name>'; known: a, b, c", after "<where>: " if `where` is not empty.
struct UnknownNameError : std::invalid_argument {
  UnknownNameError(std::string kind, std::string name, std::vector<std::string> known,
                   const std::string& where = "");

  std::string kind;                // "environment", "parameter", ...
  std::string name;                // the name that was asked for
  std::vector<std::string> known;  // the valid names
};

}  // namespace nabla::envs
