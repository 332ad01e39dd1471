// YAML text to a tree of nodes. The one place that yaml-cpp is used in; part of config/document.h.
#pragma once

#include <string>

#include "config/document.h"

namespace nabla::config {

// The root of the one document in `text`, which is source number `source` of `names`. Places carry
// lines and columns for source 0, the file; an override is one line that the message shows whole.
// Throws Error.
Node ParseYaml(const std::string& text, int source, const Document& names);

}  // namespace nabla::config
