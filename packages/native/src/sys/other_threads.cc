#include "sys/other_threads.h"

#include <time.h>

#include "sys/calls.h"

namespace forkmap::sys {
namespace {

// What reading the clocks may blur. WHY not nothing: they are never read at one moment. A thread that wakes, changes a
// mapping and sleeps again takes longer.
constexpr int64_t kBlurNs = 4'000;
constexpr int64_t kLookNs = 3 * kBlurNs;  // how long they are watched before they are taken to be still
constexpr int kLooks = 8;

int64_t read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace

// SOURCE: Linux, kernel/sched/cputime.c, thread_group_cputime: the time of running and of ended threads, to the moment.
OtherThreads::Time OtherThreads::time() {
  int64_t own_before = read_clock(CLOCK_THREAD_CPUTIME_ID);
  int64_t all = read_clock(CLOCK_PROCESS_CPUTIME_ID);
  int64_t own_after = read_clock(CLOCK_THREAD_CPUTIME_ID);
  return {all - own_after, all - own_before};
}

void OtherThreads::mark() {
  for (int look = 0; look < kLooks; look++) {
    marked_ = time();
    int64_t until = now_ns() + kLookNs;
    while (now_ns() < until) continue;
    if (!have_run()) return;
  }
}

bool OtherThreads::have_run() const { return time().most - marked_.least > kBlurNs; }

}  // namespace forkmap::sys
