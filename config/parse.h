// Converts YAML text to a tree of nodes. Only this file uses yaml-cpp; config/document.h uses it.
#pragma once

#include <string>

#include "config/document.h"

namespace nabla::config {

// The root of the document in `text`, which is source number `source` of `names`. Places have lines
// and columns in source 0, the file. An override has none, since its messages show it whole. Throws
// Error.
Node ParseYaml(const std::string& text, int source, const Document& names);

}  // namespace nabla::config
