#include "sys/other_threads.h"

#include <time.h>

namespace forkmap::sys {
namespace {

// What reading the clocks may blur. WHY not nothing: they are never read at one moment. A thread that wakes, changes a
// mapping and sleeps again takes longer.
constexpr int64_t kBlurNs = 4'000;

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

void OtherThreads::mark() { marked_ = time(); }

bool OtherThreads::have_run() const { return time().most - marked_.least > kBlurNs; }

}  // namespace forkmap::sys
