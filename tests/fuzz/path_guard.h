// PathGuard: while it exists, a system call that would change a file outside a folder ends the
// process with a message. It replaces the C functions that open, create, rename, link and delete
// files, in this program and in the shared libraries that it loads.
#pragma once

#include <filesystem>

namespace nabla::fuzz {

class PathGuard {
 public:
  explicit PathGuard(const std::filesystem::path& folder);
  ~PathGuard();
  PathGuard(const PathGuard&) = delete;
  PathGuard& operator=(const PathGuard&) = delete;
};

}  // namespace nabla::fuzz
