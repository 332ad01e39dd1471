#include "tests/apps/viewer/window/display.h"

#include <cstdlib>
#include <sstream>

#include "tests/apps/program.h"
#include "tests/support/skip.h"

namespace nabla::test {

std::string FindProgram(const std::string& name) {
  std::istringstream path(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; std::getline(path, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

namespace {

// "", with the test case marked as skipped, if a program is missing.
std::string Server() {
  const std::string server = FindProgram("Xvfb");
  if (!server.empty() && !FindProgram("xdotool").empty()) return server;
  Skip("testing a window needs xvfb and xdotool");
  return "";
}

std::vector<std::string> Arguments(bool ends_with_clients) {
  std::vector<std::string> arguments = {"Xvfb", "-displayfd",   "1",         "-screen",
                                        "0",    "2000x1200x24", "-nolisten", "tcp"};
  // Without either option the server resets itself when its last client disconnects, and refuses
  // connections meanwhile.
  arguments.push_back(ends_with_clients ? "-terminate" : "-noreset");
  return arguments;
}

}  // namespace

std::unique_ptr<VirtualDisplay> VirtualDisplay::Open() {
  const std::string server = Server();
  if (server.empty()) return nullptr;
  return std::unique_ptr<VirtualDisplay>(new VirtualDisplay(server, false));
}

const VirtualDisplay* VirtualDisplay::Shared() {
  static const std::string server = Server();
  static const VirtualDisplay* display =
      server.empty() ? nullptr : new VirtualDisplay(server, true);
  return display;
}

VirtualDisplay::VirtualDisplay(const std::string& server, bool ends_with_clients)
    : server_(std::make_unique<Process>(server, Arguments(ends_with_clients))) {
  // It prints the number of its display when it is ready.
  if (!server_->WaitUntil([&] { return server_->out().find('\n') != std::string::npos; })) {
    throw std::runtime_error("Xvfb does not start: " + server_->err());
  }
  name_ = ":" + Words(server_->out()).at(0);
}

void VirtualDisplay::Use() const { ::setenv("DISPLAY", name_.c_str(), 1); }

std::string VirtualDisplay::Do(const std::string& line) const {
  Use();
  std::vector<std::string> words = Words("xdotool " + line);
  return Run(FindProgram("xdotool"), words).out;
}

std::string VirtualDisplay::Window() const {
  for (int i = 0; i < 600; ++i) {
    const auto found = Words(Do("search --name ^nabla"));
    if (!found.empty()) return found.back();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return "";
}

}  // namespace nabla::test
