// Facts about this program and this machine, for meta.json.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace nabla::apps {

nlohmann::json AboutProgram();

}  // namespace nabla::apps
