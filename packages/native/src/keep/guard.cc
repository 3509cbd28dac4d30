#include "keep/guard.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace forkmap::keep {
namespace {

constexpr int kLeastSleepMs = 5;
constexpr int kMostSleepMs = 200;
// Where memory is limited: what may be taken within that time is over the limit at worst.
constexpr int kMemorySleepMs = 20;
// After so many looks at which nobody was at work, it sleeps until it is woken.
constexpr int kIdleLooks = 10;

// INVARIANT: never touched in a child, which has no kept children of its own: a fork may find the mutex locked.
// WHY never destroyed: the thread may still be there when the process ends.
struct Guard {
  std::mutex mutex;
  std::condition_variable woken;
  std::vector<std::shared_ptr<Guarded>> children;
  bool has_thread = false;
  std::atomic<bool> is_asleep{false};
};
Guard& the_guard() {
  static Guard* instance = new Guard;
  return *instance;
}

bool is_at_work(const Guarded& child) { return child.slot->begun > child.slot->done; }

// How long it may sleep on account of this child.
int look_at(Guarded& child, int64_t now) {
  Ending ending = child.watch.look(now);
  if (ending != Ending::kLeft && child.ending.load() == Ending::kLeft) {
    child.ending.store(ending);
    sys::kill_process(child.process.get(), child.pid);
  }
  return child.watch.sleep_ms(now);
}

void* run(void*) {
  Guard& guard = the_guard();
  std::unique_lock lock(guard.mutex);
  for (int idle_looks = 0; !guard.children.empty();) {
    int sleep_ms = kMostSleepMs;
    bool is_idle = true;
    int64_t now = sys::now_ns();
    for (auto& child : guard.children) {
      if (child->has_memory_limit) sleep_ms = std::min(sleep_ms, kMemorySleepMs);
      if (!is_at_work(*child)) {
        child->watch.saw_life(now);
        continue;
      }
      is_idle = false;
      sleep_ms = std::min(sleep_ms, look_at(*child, now));
    }
    idle_looks = is_idle ? idle_looks + 1 : 0;
    if (idle_looks >= kIdleLooks) {
      guard.is_asleep.store(true);
      guard.woken.wait(lock, [&guard] { return !guard.is_asleep.load(); });
      idle_looks = 0;
    } else {
      guard.woken.wait_for(lock, std::chrono::milliseconds(std::max(sleep_ms, kLeastSleepMs)));
    }
  }
  guard.has_thread = false;
  return nullptr;
}

}  // namespace

void guard(std::shared_ptr<Guarded> child) {
  Guard& guard = the_guard();
  std::lock_guard lock(guard.mutex);
  guard.children.push_back(std::move(child));
  if (guard.has_thread) return;
  pthread_t thread;
  // WHY no error: without a thread left in the system, children are only not watched.
  guard.has_thread = ::pthread_create(&thread, nullptr, run, nullptr) == 0;
  if (guard.has_thread) ::pthread_detach(thread);
}

void unguard(const std::shared_ptr<Guarded>& child) {
  Guard& guard = the_guard();
  {
    std::lock_guard lock(guard.mutex);
    std::erase(guard.children, child);
    guard.is_asleep.store(false);
  }
  guard.woken.notify_one();
}

void wake_guard() {
  Guard& guard = the_guard();
  if (!guard.is_asleep.load(std::memory_order_relaxed)) return;
  {
    std::lock_guard lock(guard.mutex);
    guard.is_asleep.store(false);
  }
  guard.woken.notify_one();
}

}  // namespace forkmap::keep
