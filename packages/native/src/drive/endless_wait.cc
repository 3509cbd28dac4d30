#include "drive/endless_wait.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "drive/epoll_set.h"
#include "drive/proc_text.h"
#include "sys/directory.h"

namespace forkmap::proc {
namespace {

// `number arg0 arg1 … arg5 sp pc`, in hexadecimal but for the number; "running" when it is in no system call.
struct SystemCall {
  long number = -1;
  unsigned long args[4] = {};

  explicit SystemCall(const Text& line) {
    if (sscanf(line.chars, "%ld %lx %lx %lx %lx", &number, &args[0], &args[1], &args[2], &args[3]) != 5) number = -1;
  }
};

bool is_endless_futex_wait(const SystemCall& call) {
  if (call.number != SYS_futex || call.args[3] != 0) return false;
  int command = static_cast<int>(call.args[1]) & FUTEX_CMD_MASK;
  bool is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
  return is_wait && (call.args[1] & FUTEX_PRIVATE_FLAG);
}

bool is_epoll_wait(const SystemCall& call) {
#ifdef SYS_epoll_wait  // not on arm64
  if (call.number == SYS_epoll_wait) return true;
#endif
  return call.number == SYS_epoll_pwait || call.number == SYS_epoll_pwait2;
}

// INVARIANT: of an epoll wait.
bool is_endless(const SystemCall& call) {
  return call.number == SYS_epoll_pwait2 ? call.args[3] == 0 : static_cast<int>(call.args[3]) < 0;
}

// A thread of the kernel's for an io_uring, which waits for work. What is at work is told by the ring.
bool is_idle_ring_thread(const char* task) {
  char path[128];
  snprintf(path, sizeof path, "%.100s/wchan", task);
  Text place(path);
  return place.has("io_sq_thread") || place.has("io_wq_worker");
}

// One that is handled by the process. WHY not those: V8, Node and libuv have handlers for faults and for children, of
// which there are none, and glibc has two for itself.
bool has_signal_handlers(pid_t pid) {
  auto bit = [](int number) { return 1ULL << (number - 1); };
  const uint64_t expected = bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGFPE) | bit(SIGTRAP) | bit(SIGABRT) |
                            bit(SIGCHLD) | bit(32) | bit(33);
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  auto caught = Text(path).number("SigCgt:", 16);
  return !caught || (*caught & ~expected);
}

// SOURCE: proc_tid_children(5). True where the kernel does not tell.
bool has_children(const char* task) {
  char path[128];
  snprintf(path, sizeof path, "%.100s/children", task);
  Text children(path);
  return !children.is_whole || children.chars[0] != '\0';
}

// Of a thread that sleeps; none of one that runs, was stopped or frozen: a system call that was broken off by that is
// still the one that /proc names.
std::optional<uint64_t> context_switches_if_asleep(const char* task) {
  char path[128];
  snprintf(path, sizeof path, "%.100s/status", task);
  Text status(path);
  if (!status.has("\nState:\tS")) return std::nullopt;
  auto voluntary = status.number("\nvoluntary_ctxt_switches:");
  auto forced = status.number("\nnonvoluntary_ctxt_switches:");
  if (!voluntary || !forced) return std::nullopt;
  return *voluntary + *forced;
}

class Look {
 public:
  Look(pid_t pid, bool turns_in_vain) : pid_(pid), turns_in_vain_(turns_in_vain) {}

  std::optional<uint64_t> switches() {
    char tasks[64];
    snprintf(tasks, sizeof tasks, "/proc/%d/task", pid_);
    bool is_there = sys::for_each_number(tasks, [&](int thread) {
      char task[100];
      snprintf(task, sizeof task, "%s/%d", tasks, thread);
      if (is_asleep_) is_asleep_ = see(task, turns_in_vain_ && thread == pid_);
    });
    if (!is_there || !is_asleep_) return std::nullopt;
    // WHY only then: a signal or a child ends no wait for a futex.
    if (is_polling_ && (has_children_ || has_signal_handlers(pid_))) return std::nullopt;
    return switches_;
  }

 private:
  bool see(const char* task, bool turns_in_vain) {
    char path[128];
    snprintf(path, sizeof path, "%.100s/syscall", task);
    auto own = context_switches_if_asleep(task);
    if (!own) return false;
    if (!turns_in_vain) switches_ += *own;
    SystemCall call{Text(path)};
    if (is_endless_futex_wait(call)) {
      has_children_ = has_children_ || has_children(task);
      return true;
    }
    if (!is_epoll_wait(call)) return is_idle_ring_thread(task);
    if (!turns_in_vain && !is_endless(call)) return false;
    is_polling_ = true;
    has_children_ = has_children_ || has_children(task);
    return !has_children_ && is_out_of_reach(pid_, static_cast<int>(call.args[0]));
  }

  pid_t pid_;
  bool turns_in_vain_;
  uint64_t switches_ = 0;
  bool is_asleep_ = true;
  bool is_polling_ = false;
  bool has_children_ = false;
};

}  // namespace

std::optional<uint64_t> asleep_for_good(pid_t pid, bool turns_in_vain) { return Look(pid, turns_in_vain).switches(); }

}  // namespace forkmap::proc
