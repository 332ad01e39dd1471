// The content of the screen of a terminal during and after a training.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <regex>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

// The part of a terminal that the output needs: line wrap, carriage return, erase to the end of the
// line. Other control characters become '?'.
class Screen {
 public:
  explicit Screen(std::size_t width) : width_(width) {}

  void Show(const std::string& output) {
    for (std::size_t i = 0; i < output.size(); ++i) {
      const char c = output[i];
      if (c == '\n') {
        lines_.emplace_back();
      } else if (c == '\r') {
        column_ = 0;
      } else if (output.compare(i, 3, "\x1b[K") == 0) {
        lines_.back().resize(std::min(lines_.back().size(), column_));
        i += 2;
      } else {
        Put(c < ' ' ? '?' : c);
      }
    }
  }

  std::vector<std::string> Lines() const {
    std::vector<std::string> lines = lines_;
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
  }

 private:
  void Put(char c) {
    if (column_ == width_) lines_.emplace_back(), column_ = 0;
    std::string& line = lines_.back();
    line.resize(std::max(line.size(), column_ + 1), ' ');
    line[column_++] = c;
  }

  std::size_t width_;
  std::size_t column_ = 0;
  std::vector<std::string> lines_ = {""};
};

// Both ends of a terminal of 24 lines.
struct Terminal {
  explicit Terminal(unsigned short width) {
    ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE((ours >= 0 && ::grantpt(ours) == 0 && ::unlockpt(ours) == 0));
    theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
    const winsize size = {24, width, 0, 0};
    REQUIRE((theirs >= 0 && ::ioctl(theirs, TIOCSWINSZ, &size) == 0));
    ::fcntl(ours, F_SETFL, O_NONBLOCK);
  }
  ~Terminal() {
    ::close(ours);
    ::close(theirs);
  }

  std::string Read() const {
    std::string text;
    char block[4096];
    for (ssize_t n = 0; (n = ::read(ours, block, sizeof(block))) > 0;) {
      text.append(block, static_cast<std::size_t>(n));
    }
    return text;
  }

  int ours = -1;
  int theirs = -1;
};

// The output of a run of 20,000 steps on a terminal of this width.
std::string OutputOnTerminal(const Workplace& nabla, unsigned short width) {
  const Terminal terminal(width);
  const auto training = nabla.Start(
      "train task.yaml --steps 20000 --set evaluation.every=4000 --set evaluation.episodes=50",
      {.out = terminal.theirs});
  std::string output;
  const auto is_over = [&] {
    output += terminal.Read();
    return !training->IsRunning();
  };
  training->WaitUntil(is_over);
  CHECK(training->Wait().exit_code == 0);
  return output + terminal.Read();
}

TEST_CASE("A terminal shows one progress line, and the table at the end") {
  const std::regex progress(
      R"(step \d+/20000 \(\d+ %\)  return (-|-?\d+\.\d)  \d+ steps/s  ETA (-|\d+:\d\d))");
  for (const unsigned short width : {132, 80, 40}) {
    INFO("width " << width);
    const Workplace nabla;
    const std::string output = OutputOnTerminal(nabla, width);
    // There is at most one progress line between two carriage returns.
    std::size_t shown = 0;
    for (std::size_t at = output.find("\rstep "); at != std::string::npos;
         at = output.find("\rstep ", at + 1)) {
      const std::string line = output.substr(at + 1, output.find("\x1b[K", at) - at - 1);
      INFO(line);
      CHECK(line.size() < width);
      if (width >= 80) CHECK(std::regex_match(line, progress));
      ++shown;
    }
    CHECK(shown >= 1);

    Screen screen(width);
    screen.Show(output);
    const std::vector<std::string> lines = screen.Lines();
    INFO(output);
    if (width < 80) continue;     // the table wraps there
    REQUIRE(lines.size() == 11);  // the lines of the summary never wrap
    CHECK(lines[0] == "run runs/td3/Pendulum-v1_1");
    const std::vector<std::string> header = Words(lines[1]);
    CHECK(header.front() == "step");
    CHECK(header.back() == "seconds");
    for (std::size_t i = 2; i < 7; ++i) {
      const std::vector<std::string> row = Words(lines[i]);
      CHECK(row.size() == header.size());
      CHECK(row[0] == std::to_string(4000 * (i - 1)));
      CHECK(lines[i].size() == lines[1].size());
    }
    CHECK(lines[7].starts_with("20000 steps, "));
    CHECK(lines[8].starts_with("return "));
    CHECK(lines[10].ends_with("evaluate runs/td3/Pendulum-v1_1"));
  }
}

TEST_CASE("Without a terminal, the output consists of plain lines") {
  const Workplace nabla;
  const ProcessResult result = nabla.Succeed("train task.yaml");
  CHECK(result.out.find('\r') == std::string::npos);
  CHECK(result.out.find('\x1b') == std::string::npos);
  CHECK(Lines(result.out).size() == 9);  // folder, header, three rows, summary, what next
}

}  // namespace
}  // namespace nabla::test
