#include "envs/core/unknown_name.h"

#include <utility>

namespace nabla::envs {
namespace {

std::string UnknownNameMessage(const std::string& kind, const std::string& name,
                               const std::vector<std::string>& known, const std::string& where) {
  std::string message = where.empty() ? "" : where + ": ";
  message += "unknown " + kind + " '" + name + "'; known: ";
  for (std::size_t i = 0; i < known.size(); ++i) message += (i == 0 ? "" : ", ") + known[i];
  return known.empty() ? message + "none" : message;
}

}  // namespace

UnknownNameError::UnknownNameError(std::string kind_, std::string name_,
                                   std::vector<std::string> known_, const std::string& where)
    : std::invalid_argument(UnknownNameMessage(kind_, name_, known_, where)),
      kind(std::move(kind_)),
      name(std::move(name_)),
      known(std::move(known_)) {}

}  // namespace nabla::envs
