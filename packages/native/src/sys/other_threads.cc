#include "sys/other_threads.h"

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

}  // namespace

bool OtherThreads::list() {
  threads_.clear();
  auto own = static_cast<pid_t>(::syscall(SYS_gettid));
  return for_each_number("/proc/self/task", [&](int thread) {
    if (thread != own) threads_.push_back({thread, 0});
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

bool OtherThreads::have_run() const {
  auto has_run = [](const Thread& thread) { return thread.ran_ns < 0 || time_of(thread.id) != thread.ran_ns; };
  return !is_known_ || std::any_of(threads_.begin(), threads_.end(), has_run);
}

}  // namespace forkmap::sys
