#include "sys/signal_hold.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>

namespace forkmap::signal_hold {
namespace {

struct Held {
  int holders = 0;
  struct sigaction before;
};

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
Held held[NSIG];
// WHY outside of Held: the handler may run while the mutex is taken.
std::atomic<bool> has_come[NSIG];
static_assert(std::atomic<bool>::is_always_lock_free);

class Locked {
 public:
  Locked() { ::pthread_mutex_lock(&mutex); }
  ~Locked() { ::pthread_mutex_unlock(&mutex); }
  Locked(const Locked&) = delete;
};

void note(int number) { has_come[number].store(true, std::memory_order_relaxed); }

bool is_note(const struct sigaction& action) { return !(action.sa_flags & SA_SIGINFO) && action.sa_handler == note; }

}  // namespace

Status hold(int number) {
  if (number <= 0 || number >= NSIG) return SysError{EINVAL, "sigaction"};
  Locked locked;
  if (held[number].holders++ > 0) return Done{};
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  has_come[number].store(false, std::memory_order_relaxed);
  if (::sigaction(number, &action, &held[number].before) == 0) return Done{};
  held[number].holders = 0;
  return SysError{errno, "sigaction"};
}

void let_go(int number) {
  Locked locked;
  if (--held[number].holders > 0) return;
  struct sigaction now;
  // WHY look: whoever set another handler meanwhile meant it to stay.
  if (::sigaction(number, nullptr, &now) == 0 && is_note(now)) ::sigaction(number, &held[number].before, nullptr);
  // WHY raise: it returns when the signal is delivered, to whom it may concern.
  if (has_come[number].exchange(false)) ::raise(number);
}

void reset_in_child() {
  mutex = PTHREAD_MUTEX_INITIALIZER;
  for (Held& each : held) each.holders = 0;
  for (std::atomic<bool>& each : has_come) each.store(false, std::memory_order_relaxed);
}

}  // namespace forkmap::signal_hold
