#include "sys/other_threads.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "sys/calls.h"
#include "sys/directory.h"

namespace forkmap::sys {
namespace {

constexpr int64_t kLookNs = 10'000;  // how long they are watched before they are taken to be still
constexpr int kLooks = 8;

// To the moment, also of one that runs on another CPU; -1 where there is no such thread. WHY not the whole process's
// clock: of other threads it says what they had run at their CPU's last tick.
// SOURCE: Linux, kernel/time/posix-cpu-timers.c, cpu_clock_sample; include/linux/posix-timers.h, make_thread_cpuclock.
int64_t time_of(pid_t thread) {
  constexpr int kPerThread = 4, kScheduled = 2;
  auto clock = static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3) | kPerThread | kScheduled);
  timespec ran{};
  if (::clock_gettime(clock, &ran) < 0) return -1;
  return ran.tv_sec * 1'000'000'000LL + ran.tv_nsec;
}

// Whether it waits in a system call. SOURCE: proc_pid_syscall(5): "running", or "-1" where it was stopped elsewhere.
bool is_at_rest(pid_t thread) {
  char path[48], line[32] = {};
  snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
  UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return errno == ENOENT;  // it has ended
  auto got = read_some(file.get(), line, sizeof line - 1);
  return got && line[0] >= '0' && line[0] <= '9';
}

}  // namespace

bool OtherThreads::list() {
  threads_.clear();
  auto own = static_cast<pid_t>(::syscall(SYS_gettid));
  return for_each_number("/proc/self/task", [&](int thread) {
    if (thread != own) threads_.push_back({thread, 0, false});
  });
}

void OtherThreads::mark() {
  is_known_ = list();
  for (int look = 0; is_known_ && look < kLooks; look++) {
    for (Thread& thread : threads_) thread.ran_ns = time_of(thread.id);
    int64_t until = now_ns() + kLookNs;
    while (now_ns() < until) continue;
    if (!have_run()) return;
  }
}

bool OtherThreads::are_at_work() {
  if (!is_known_) return true;
  for (Thread& thread : threads_) {
    auto same = [&](const Thread& other) { return other.id == thread.id && other.ran_ns == thread.ran_ns; };
    auto last = std::find_if(before_.begin(), before_.end(), same);
    // WHY not asked again: it has not run since.
    thread.is_at_rest = (last != before_.end() && last->is_at_rest) || is_at_rest(thread.id);
  }
  before_ = threads_;
  return !std::all_of(threads_.begin(), threads_.end(), [](const Thread& thread) { return thread.is_at_rest; });
}

bool OtherThreads::have_run() const {
  auto has_run = [](const Thread& thread) { return thread.ran_ns < 0 || time_of(thread.id) != thread.ran_ns; };
  return !is_known_ || std::any_of(threads_.begin(), threads_.end(), has_run);
}

}  // namespace forkmap::sys
