#include "apps/experiment/execution/pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "agent/state/file_io.h"

namespace nabla::experiment {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kMessageInterval = std::chrono::milliseconds(100);
constexpr int kTickMilliseconds = 100;
constexpr int kLaterMilliseconds = 10;  // between two requests for a unit

// A worker writes messages into its pipe. They are shorter than PIPE_BUF, so that a write is
// atomic.
struct Message {
  enum Kind : std::int32_t { kStep, kEvaluation, kEnd };
  Kind kind = kStep;
  UnitOutcome outcome = UnitOutcome::kFinished;
  std::int64_t step = 0;
  double total_reward = 0;
  std::array<char, 1000> reason{};
  std::array<char, 1000> note{};
};

template <std::size_t n>
void CopyText(const std::string& text, std::array<char, n>& out) {
  const std::size_t length = std::min(text.size(), n - 1);
  std::copy_n(text.begin(), length, out.begin());
  out[length] = '\0';
}

std::string SignalReason(int signal) {
  return "ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
}

// Signals of a defect in the program, which would end the unit again.
bool IsCrash(int signal) {
  return signal == SIGSEGV || signal == SIGABRT || signal == SIGBUS || signal == SIGFPE ||
         signal == SIGILL;
}

// The worker's end of the pipe.
class StatusPipe {
 public:
  StatusPipe(int pipe, pid_t parent) : pipe_(pipe), parent_(parent) {
    ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
  }

  void Progress(std::int64_t step, std::optional<double> total_reward) {
    const auto now = Clock::now();
    if (!total_reward && now < next_) return;
    next_ = now + kMessageInterval;
    Message message;
    message.kind = total_reward ? Message::kEvaluation : Message::kStep;
    message.step = step;
    message.total_reward = total_reward.value_or(0);
    Send(message);
  }

  void End(const UnitEnd& end) {
    Message message;
    message.kind = Message::kEnd;
    message.outcome = end.outcome;
    CopyText(end.reason, message.reason);
    CopyText(end.note, message.note);
    while (!Send(message) && errno == EAGAIN && ::getppid() == parent_) {
      pollfd polled = {pipe_, POLLOUT, 0};
      ::poll(&polled, 1, kTickMilliseconds);
    }
  }

 private:
  // Never blocks: a full pipe drops the message.
  bool Send(const Message& message) const {
    return ::write(pipe_, &message, sizeof(message)) == static_cast<ssize_t>(sizeof(message));
  }

  int pipe_;
  pid_t parent_;
  Clock::time_point next_;
};

struct Worker {
  pid_t process = -1;
  agent::FileDescriptor pipe;
  bool told_to_stop = false;
  std::optional<UnitEnd> end;
  std::vector<char> received;
  WorkerView view;
};

[[noreturn]] void WorkerMain(const UnitRun& run, const std::vector<int>& cores, int pipe,
                             pid_t parent, const std::atomic<bool>& stop) {
  ::setpgid(0, 0);  // Ctrl-C reaches only the parent, which stops its workers
  // Not SIGTERM, which the parent may have sent before it ended: a second SIGTERM would end the
  // worker before it has written its checkpoint.
  ::prctl(PR_SET_PDEATHSIG, SIGINT);
  if (::getppid() != parent) ::_exit(1);  // the parent ended before the line above
  if (!cores.empty()) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores) CPU_SET(core, &set);
    ::sched_setaffinity(0, sizeof(set), &set);  // if it fails, the unit runs unpinned
  }
  StatusPipe status(pipe, parent);
  status.End(RunUnit(run, stop, [&](std::int64_t step, std::optional<double> total_reward) {
    status.Progress(step, total_reward);
  }));
  ::_exit(0);  // runs no destructors of the parent's objects and flushes none of its buffers
}

class Pool {
 public:
  Pool(const PoolOptions& options, UnitSource& units, const std::atomic<bool>& stop)
      : shares_(options.pin
                    ? CoreShares(options.jobs)
                    : std::vector<std::vector<int>>(static_cast<std::size_t>(options.jobs))),
        slots_(static_cast<std::size_t>(options.jobs)),
        units_(units),
        stop_(stop) {}

  // After an exception: the workers write their checkpoints side by side. None waits for somebody
  // to read its pipe, which is closed.
  ~Pool() {
    StopWorkers();
    for (auto& slot : slots_) {
      if (slot) slot->pipe.Close();
    }
    for (auto& slot : slots_) {
      if (slot) agent::WaitForProcess(slot->process);
    }
  }

  void Run() {
    for (;;) {
      later_ = false;
      if (!stop_ && !exhausted_) FillSlots();
      if (stop_) StopWorkers();
      const bool idle =
          std::none_of(slots_.begin(), slots_.end(), [](auto& s) { return s.has_value(); });
      if (idle && !later_) return;
      Wait();
      for (auto& slot : slots_) {
        if (slot && HasEnded(*slot)) Finish(slot);
      }
      Tick();
    }
  }

 private:
  void FillSlots() {
    for (std::size_t i = 0; i < slots_.size() && !exhausted_ && !later_; ++i) {
      if (slots_[i]) continue;
      const NextUnit next = units_.Next();
      if (next.kind == NextUnit::kUnit) Start(i, next.unit);
      exhausted_ = next.kind == NextUnit::kNone;
      later_ = next.kind == NextUnit::kLater;
    }
  }

  void Start(std::size_t slot, std::size_t unit) {
    agent::Pipe pipe;
    const UnitRun run = units_.Run(unit);
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process < 0) {
      throw std::system_error(errno, std::generic_category(), "cannot start a worker");
    }
    if (process == 0) {
      pipe.read_end.Close();
      WorkerMain(run, shares_[slot], pipe.write_end.get(), parent, stop_);
    }
    Worker worker;
    worker.process = process;
    worker.pipe = std::move(pipe.read_end);
    worker.view.unit = unit;
    worker.view.start = Clock::now();
    slots_[slot] = std::move(worker);
  }

  void StopWorkers() {
    for (auto& slot : slots_) {
      if (!slot || slot->told_to_stop) continue;
      ::kill(slot->process, SIGTERM);
      slot->told_to_stop = true;
    }
  }

  void Wait() const {
    std::vector<pollfd> polled;
    for (const auto& slot : slots_) {
      if (slot) polled.push_back({slot->pipe.get(), POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), later_ ? kLaterMilliseconds : kTickMilliseconds);
  }

  // Reads the worker's messages; true once its end of the pipe is closed.
  static bool HasEnded(Worker& worker) {
    pollfd polled = {worker.pipe.get(), POLLIN, 0};
    while (::poll(&polled, 1, 0) > 0) {
      std::array<char, 4096> block;
      const ssize_t count = ::read(worker.pipe.get(), block.data(), block.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return true;
      worker.received.insert(worker.received.end(), block.data(), block.data() + count);
      while (worker.received.size() >= sizeof(Message)) {
        Message message;
        std::memcpy(static_cast<void*>(&message), worker.received.data(), sizeof(message));
        worker.received.erase(worker.received.begin(), worker.received.begin() + sizeof(message));
        Take(message, worker);
      }
    }
    return false;
  }

  static void Take(const Message& message, Worker& worker) {
    if (message.kind == Message::kEnd) {
      worker.end = UnitEnd{message.outcome, message.reason.data(), message.note.data()};
      return;
    }
    worker.view.step = message.step;
    if (worker.view.first_step < 0) worker.view.first_step = message.step;
    if (message.kind == Message::kEvaluation) worker.view.total_reward = message.total_reward;
  }

  void Finish(std::optional<Worker>& slot) {
    const int status = agent::WaitForProcess(slot->process);
    UnitEnd end;
    if (slot->end) {
      end = *slot->end;
    } else {
      const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
      end.outcome = IsCrash(signal) ? UnitOutcome::kFailed : UnitOutcome::kInterrupted;
      end.reason = signal != 0
                       ? SignalReason(signal)
                       : "its process ended with code " + std::to_string(WEXITSTATUS(status));
      RecordCrash(units_.Run(slot->view.unit).folder, end.outcome, end.reason);
    }
    const std::size_t unit = slot->view.unit;
    slot.reset();
    units_.OnEnd(unit, end);
  }

  void Tick() {
    WorkerViews views;
    for (const auto& slot : slots_) {
      views.push_back(slot ? std::optional<WorkerView>(slot->view) : std::nullopt);
    }
    units_.OnTick(views);
  }

  std::vector<std::vector<int>> shares_;
  std::vector<std::optional<Worker>> slots_;
  UnitSource& units_;
  const std::atomic<bool>& stop_;
  bool exhausted_ = false;
  bool later_ = false;
};

std::vector<int> AllowedCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof(set), &set) < 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

}  // namespace

std::vector<std::vector<int>> CoreShares(int jobs) {
  const std::vector<int> cores = AllowedCores();
  const auto count = static_cast<std::size_t>(jobs);
  std::vector<std::vector<int>> shares(count);
  for (std::size_t i = 0; i < std::max(count, cores.size()) && !cores.empty(); ++i) {
    const std::size_t share = cores.size() > count ? i * count / cores.size() : i % count;
    shares[share].push_back(cores[i % cores.size()]);
  }
  return shares;
}

int AvailableCores() { return std::max(1, static_cast<int>(AllowedCores().size())); }

void RunPool(const PoolOptions& options, UnitSource& units, const std::atomic<bool>& stop) {
  Pool(options, units, stop).Run();
}

}  // namespace nabla::experiment
