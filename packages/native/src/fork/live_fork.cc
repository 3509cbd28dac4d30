#include "fork/live_fork.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

#include "fork/child_window.h"
#include "fork/fork_lock.h"
#include "heap/fork_visibility.h"
#include "sys/calls.h"
#include "sys/signal_hold.h"
#include "v8/barrier.h"
#include "v8/child_platform.h"

namespace forkmap {
namespace {

constexpr int kNoPlatformCode = 1;

// INVARIANT: used under fork_lock::Exclusive.
heap::ForkVisibility& visibility() {
  static heap::ForkVisibility instance;
  return instance;
}

// WHY not an error: without it, the child is as healthy as it is.
sys::Ends open_proof() {
  auto pipe = sys::make_pipe();
  return pipe ? pipe.take() : sys::Ends{};
}

void part_ways_or_leave(const LiveFork& plan, pid_t parent) {
  follow_parent_or_leave(parent);
  reset_signal_handlers();
  fork_lock::reset_in_child();
  signal_hold::reset_in_child();
  if (!child_platform::install_in_child(plan.platform)) leave(kNoPlatformCode);
  replace_own_channels(plan.kept, plan.channels);
  quarantine_descriptors(plan.kept, plan.watched);
  end_standard_input(plan.inputs);
}

}  // namespace

Result<pid_t> live_fork(const LiveFork& plan, Proof& proof) {
  proof.end.reset();
  fork_lock::Exclusive lock;
  v8_rest::Barrier barrier;
  if (plan.should_rest && !barrier.raise(plan.platform, std::chrono::milliseconds(plan.quiesce_ms))) {
    return SysError{ETIMEDOUT, "quiesce"};
  }
  Status found = visibility().find_hidden();
  if (!found) return found.error();
  sys::Ends ends;
  if (visibility().are_others_at_work()) ends = open_proof();

  pid_t parent = ::getpid();
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  Status shown = visibility().show();
  if (!shown) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return shown.error();
  }
  unsigned occupied = occupy_standard_descriptors();
  auto forked = sys::fork_process();
  if (forked && forked.value() == 0) {
    barrier.forget_in_child();
    part_ways_or_leave(plan, parent);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ends.read.reset();
    proof.end = std::move(ends.write);
    return 0;
  }
  vacate_descriptors(occupied);
  visibility().hide();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (forked) proof.end = std::move(ends.read);
  return forked;
}

Status share_heap_in_child() {
  fork_lock::Exclusive lock;
  return visibility().show_all();
}

}  // namespace forkmap
