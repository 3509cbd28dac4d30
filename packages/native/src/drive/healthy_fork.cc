#include "drive/healthy_fork.h"

#include <errno.h>
#include <time.h>

#include "drive/endless_wait.h"
#include "fork/shared_locks.h"
#include "sys/calls.h"

namespace forkmap {
namespace {

constexpr int kAttempts = 6;
constexpr int64_t kMs = 1'000'000;
constexpr int kLookEveryMs = 20;
// What a proof takes at most, however slow the machine is: it takes a millisecond. WHY on the child's own clock: on an
// overloaded machine it may have to wait for a CPU.
constexpr int64_t kProofCpuNs = 250 * kMs;
// WHY a bound: one that was stopped from outside says nothing; then it is taken as it is.
constexpr int64_t kGiveUpNs = 5'000 * kMs;

// SOURCE: Linux, include/linux/posix-timers.h, make_process_cpuclock
int64_t cpu_ns(pid_t pid) {
  constexpr int kScheduled = 2;
  timespec ran{};
  ::clock_gettime(static_cast<clockid_t>((~static_cast<unsigned>(pid) << 3) | kScheduled), &ran);
  return ran.tv_sec * 1'000'000'000LL + ran.tv_nsec;
}

// Until the child has written to the pipe, or has died, which others will find: true. False where it sleeps or spins.
bool is_proved(pid_t pid, const UniqueFd& proof) {
  int64_t give_up_ns = sys::now_ns() + kGiveUpNs;
  std::optional<uint64_t> asleep;
  while (sys::now_ns() < give_up_ns) {
    pollfd written{proof.get(), POLLIN, 0};
    auto ready = sys::wait_ready({&written, 1}, kLookEveryMs);
    if (!ready || written.revents) return true;
    if (cpu_ns(pid) > kProofCpuNs) return false;
    auto now_asleep = proc::asleep_for_good(pid, false);
    if (now_asleep && now_asleep == asleep) return false;
    asleep = now_asleep;
  }
  return true;
}

}  // namespace

Result<pid_t> healthy_fork(const LiveFork& plan) {
  for (int attempt = 1; attempt <= kAttempts; attempt++) {
    Proof proof;
    auto forked = live_fork(plan, proof);
    if (!forked || !proof.end) return forked;
    if (forked.value() == 0) {
      take_shared_locks();
      char done = 1;
      (void)sys::write_all(proof.end.get(), &done, sizeof done);
      return 0;
    }
    if (is_proved(forked.value(), proof.end)) return forked;
    sys::kill_unreaped(forked.value());
    (void)sys::reap(forked.value());
  }
  return SysError{EDEADLK, "health"};
}

}  // namespace forkmap
