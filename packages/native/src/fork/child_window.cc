#include "fork/child_window.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>

#include "sys/directory.h"

namespace forkmap {
namespace {

constexpr int kLostParentCode = 1;

pid_t followed = 0;

bool is_kept_handler(int signal) {
  switch (signal) {
    case SIGSEGV:  // V8's WebAssembly trap handler
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGABRT:
    case SIGCHLD:  // libuv believes that its handler is there: spawnSync would wait for ever without it
      return true;
    default:
      return false;
  }
}

bool contains(std::span<const int> set, int fd) { return std::find(set.begin(), set.end(), fd) != set.end(); }

bool is_connection(int fd, std::span<const int> watched) {
  struct stat status;
  if (::fstat(fd, &status) < 0) return false;
  return S_ISSOCK(status.st_mode) || contains(watched, fd);
}

// WHY a timer that never runs: it can be polled, is never readable nor writable, and fails every write.
int open_inert() { return ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

template <class Visit>
void for_each_descriptor(Visit visit) {
  if (sys::for_each_number("/proc/self/fd", visit)) return;
  for (int fd = 0; fd < 4096; fd++) visit(fd);  // no /proc: a bounded walk
}

}  // namespace

void follow_parent_or_leave(pid_t parent) {
  followed = parent;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) leave(kLostParentCode);
}

void follow_on_or_leave() { follow_parent_or_leave(followed); }

unsigned occupy_standard_descriptors() {
  unsigned occupied = 0;
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (::open("/dev/null", O_RDWR) == fd) occupied |= 1u << fd;  // takes the lowest number
  }
  return occupied;
}

void vacate_descriptors(unsigned occupied) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (occupied & (1u << fd)) ::close(fd);
  }
}

void reset_signal_handlers() {
  for (int signal = 1; signal < SIGRTMIN; signal++) {
    struct sigaction action;
    if (is_kept_handler(signal) || ::sigaction(signal, nullptr, &action) < 0) continue;
    bool is_handler = (action.sa_flags & SA_SIGINFO) || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
    bool is_terminals = signal == SIGINT || signal == SIGQUIT || signal == SIGHUP;
    if (!is_handler && !is_terminals) continue;
    action = {};
    action.sa_handler = is_terminals ? SIG_IGN : SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
}

void quarantine_descriptors(std::span<const int> kept, std::span<const int> watched) {
  int inert = open_inert();
  for_each_descriptor([&](int fd) {
    if (fd <= STDERR_FILENO || fd == inert || contains(kept, fd) || !is_connection(fd, watched)) return;
    if (inert >= 0) {
      ::dup3(inert, fd, O_CLOEXEC);
    } else {
      ::close(fd);
    }
  });
  if (inert >= 0) ::close(inert);
}

void replace_own_channels(std::span<const int> kept, std::span<const Channel> channels) {
  int pipe[2] = {-1, -1};
  int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int inert = open_inert();
  if (::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) < 0) pipe[0] = pipe[1] = -1;
  const int replacements[] = {pipe[0], pipe[1], event, inert};
  for (const Channel& channel : channels) {
    // WHY looked at again: libuv has made some of its own anew, by a handler of fork's.
    if (contains(kept, channel.fd) || !is_still(channel)) continue;
    int with = replacements[static_cast<int>(channel.kind)];
    if (with >= 0) {
      ::dup3(with, channel.fd, O_CLOEXEC);
    } else {
      ::close(channel.fd);
    }
  }
  for (int fd : replacements) {
    if (fd >= 0) ::close(fd);
  }
}

void end_standard_input(std::span<const int> inputs) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) {
    // WHY in its place: libuv aborts when its own descriptors have these numbers.
    ::close(STDIN_FILENO);
    (void)::open("/dev/null", O_RDONLY);
    return;
  }
  ::close(ends[1]);
  for (int fd : inputs) ::dup3(ends[0], fd, O_CLOEXEC);
  if (ends[0] == STDIN_FILENO) return;
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
}

void silence_output() {
  int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

void leave(int code) { ::_exit(code); }

}  // namespace forkmap
