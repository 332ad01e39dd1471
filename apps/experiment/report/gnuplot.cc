#include "apps/experiment/report/gnuplot.h"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "agent/state/file_io.h"
#include "config/scalar.h"

namespace nabla::experiment {
namespace {

constexpr std::size_t kLongestLabel = 500;  // bytes
constexpr int kNotFound = 127;              // exit code of a shell for an unknown command

// A file in memory, without a name. With pipes instead, this process and gnuplot could block each
// other: one on a full input, the other on a full output.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("nabla", MFD_CLOEXEC)) {
    if (file_.get() < 0) {
      throw std::system_error(errno, std::generic_category(), "cannot create a file in memory");
    }
  }

  int get() const { return file_.get(); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

  void Write(const std::string& text) const {
    file_.Write(agent::BytesOf(text));
    ::lseek(file_.get(), 0, SEEK_SET);
  }

  std::string Read() const { return agent::ReadFile(path()); }

 private:
  agent::FileDescriptor file_;
};

[[noreturn]] void ExecGnuplot(const MemoryFile& script, const MemoryFile& messages,
                              const std::vector<MemoryFile>& pictures) {
  ::dup2(script.get(), STDIN_FILENO);
  ::dup2(messages.get(), STDOUT_FILENO);
  ::dup2(messages.get(), STDERR_FILENO);
  for (const MemoryFile& picture : pictures) ::fcntl(picture.get(), F_SETFD, 0);
  // Ignores ~/.gnuplot, so that the plots do not depend on the user.
  ::execlp("gnuplot", "gnuplot", "--default-settings", "-", nullptr);
  ::_exit(kNotFound);
}

// The error message is the last line; the lines before it repeat the script.
std::string LastLine(const std::string& messages) {
  std::string line;
  for (std::size_t begin = 0; begin < messages.size();) {
    const std::size_t end = std::min(messages.find('\n', begin), messages.size());
    const std::string next = messages.substr(begin, end - begin);
    if (next.find_first_not_of(" ^\t") != std::string::npos) line = next;
    begin = end + 1;
  }
  return line.empty() ? "it failed without a message" : line;
}

// gnuplot does not check its writes: without memory, it leaves half a picture behind.
bool IsWhole(std::string_view picture) {
  constexpr std::string_view kEndOfPng = "IEND\xae\x42\x60\x82";
  return picture.ends_with("</svg>\n\n") || picture.ends_with("</svg>\n") ||
         picture.ends_with(kEndOfPng);
}

}  // namespace

std::vector<std::string> RunGnuplot(const std::vector<GnuplotScript>& scripts) {
  const MemoryFile input, messages;
  const std::vector<MemoryFile> pictures(scripts.size());
  std::string text;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    text += fmt::format(
        "reset session\nset encoding utf8\nset terminal {}\nset output '{}'\n{}unset output\n",
        scripts[i].terminal, pictures[i].path(), scripts[i].commands);
  }
  input.Write(text);
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "cannot start gnuplot");
  if (process == 0) ExecGnuplot(input, messages, pictures);
  const int status = agent::WaitForProcess(process);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) throw std::runtime_error(kNoGnuplot);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("gnuplot: " + LastLine(messages.Read()));
  }
  std::vector<std::string> contents;
  for (const MemoryFile& picture : pictures) {
    contents.push_back(picture.Read());
    if (!IsWhole(contents.back())) throw std::runtime_error("gnuplot: a picture is not complete");
  }
  return contents;
}

// In single quotes, gnuplot reads a quote at the beginning as the end. Here no character that has a
// meaning stands for itself: all but the plain ones are octal numbers.
std::string GnuplotString(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : config::OneLine(text, kLongestLabel)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || byte >= 0x80 || c == ' ';
    quoted += plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return quoted + "\"";
}

std::string GnuplotLabel(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '%' ? std::string("%%") : std::string(1, c);
  return GnuplotString(escaped);
}

}  // namespace nabla::experiment
