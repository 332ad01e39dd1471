#include "tests/fuzz/path_guard.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace nabla::fuzz {
namespace {

std::string allowed;  // a resolved folder; empty: everything is allowed

// The folder that holds the name, as the kernel resolves it.
std::string FolderOf(int folder, const char* path) {
  const std::string_view text(path);
  const std::size_t slash = text.rfind('/');
  std::string parent =
      slash == std::string_view::npos ? "." : std::string(text.substr(0, slash + 1));
  if (folder != AT_FDCWD && !text.starts_with('/')) {
    parent = "/proc/self/fd/" + std::to_string(folder) + "/" + parent;
  }
  char resolved[PATH_MAX];
  return realpath(parent.c_str(), resolved) == nullptr ? parent : resolved;
}

void Check(const char* call, int folder, const char* path) {
  if (allowed.empty()) return;
  std::string where = FolderOf(folder, path) + "/";
  char resolved[PATH_MAX];
  // A link as the last part of the name may lead out of the folder, too.
  if (std::strcmp(call, "open") == 0 && realpath(path, resolved) != nullptr) {
    where = std::string(resolved) + "/";
  }
  if (where.starts_with(allowed)) return;
  std::fprintf(stderr, "%s(%s) changes a file outside %s\n", call, path, allowed.c_str());
  std::abort();
}

int Open(int folder, const char* path, int flags, mode_t mode) {
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0) Check("open", folder, path);
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

mode_t ModeOf(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

PathGuard::PathGuard(const std::filesystem::path& folder) {
  allowed = std::filesystem::canonical(folder).string() + "/";
}
PathGuard::~PathGuard() { allowed.clear(); }

}  // namespace nabla::fuzz

using nabla::fuzz::Check;
using nabla::fuzz::ModeOf;
using nabla::fuzz::Open;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return Open(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return Open(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return Open(folder, path, flags, mode);
}
int rename(const char* from, const char* to) noexcept {
  Check("rename", AT_FDCWD, from);
  Check("rename", AT_FDCWD, to);
  return static_cast<int>(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}
int unlink(const char* path) noexcept {
  Check("unlink", AT_FDCWD, path);
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  Check("unlink", folder, path);
  return static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
}
int rmdir(const char* path) noexcept {
  Check("rmdir", AT_FDCWD, path);
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
int mkdir(const char* path, mode_t mode) noexcept {
  Check("mkdir", AT_FDCWD, path);
  return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int symlink(const char* target, const char* path) noexcept {
  Check("symlink", AT_FDCWD, path);
  return static_cast<int>(syscall(SYS_symlinkat, target, AT_FDCWD, path));
}
int truncate(const char* path, off_t size) noexcept {
  Check("truncate", AT_FDCWD, path);
  return static_cast<int>(syscall(SYS_truncate, path, size));
}

}  // extern "C"
