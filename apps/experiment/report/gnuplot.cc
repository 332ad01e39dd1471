#include "apps/experiment/report/gnuplot.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace nabla::experiment {
namespace {

constexpr int kNotFound = 127;  // exit code of a shell for an unknown command

// A temporary file without a name. With pipes instead, this process and gnuplot could block each
// other: one on a full input, the other on a full output.
class ScratchFile {
 public:
  ScratchFile() {
    std::string name = (std::filesystem::temp_directory_path() / "nabla_XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) Fail();
    ::unlink(name.c_str());
  }
  ~ScratchFile() { ::close(file_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  int get() const { return file_; }

  void Write(const std::string& text) const {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t count = ::write(file_, text.data() + done, text.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) Fail();
      done += static_cast<std::size_t>(count);
    }
    ::lseek(file_, 0, SEEK_SET);
  }

  std::string Read() const {
    ::lseek(file_, 0, SEEK_SET);
    std::string text;
    std::array<char, 4096> block;
    for (ssize_t count; (count = ::read(file_, block.data(), block.size())) > 0;) {
      text.append(block.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  [[noreturn]] static void Fail() {
    throw std::system_error(errno, std::generic_category(), "cannot write a temporary file");
  }

  int file_ = -1;
};

[[noreturn]] void ExecGnuplot(const ScratchFile& script, const ScratchFile& messages) {
  ::dup2(script.get(), STDIN_FILENO);
  ::dup2(messages.get(), STDOUT_FILENO);
  ::dup2(messages.get(), STDERR_FILENO);
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

}  // namespace

bool RunGnuplot(const std::string& script) {
  const ScratchFile input, messages;
  input.Write(script);
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "cannot start gnuplot");
  if (process == 0) ExecGnuplot(input, messages);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) return false;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("gnuplot: " + LastLine(messages.Read()));
  }
  return true;
}

std::string GnuplotString(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') continue;
    quoted += c == '\'' ? std::string("''") : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace nabla::experiment
