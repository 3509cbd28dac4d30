#include "drive/watch.h"

#include <algorithm>

#include "sys/calls.h"

namespace forkmap {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kMemoryEveryNs = 20 * kMs;

}  // namespace

Watch::Watch(const Limits& limits, pid_t pid, volatile const BoardSlot* slot, PrivateMemory& memory)
    : limits_(limits),
      slot_(slot),
      memory_(memory),
      seen_begun_(slot->begun),
      seen_begun_ns_(sys::now_ns()),
      memory_due_ns_(seen_begun_ns_ + kMemoryEveryNs),
      sleep_(pid, seen_begun_ns_) {}

int Watch::sleep_ms(int64_t now) const {
  int64_t due = sleep_.due_ns();
  if (limits_.deadline_ns) due = std::min(due, limits_.deadline_ns);
  if (limits_.memory_bytes) due = std::min(due, memory_due_ns_);
  if (limits_.item_timeout_ns) {
    // WHY a tenth: when an item began is only seen by looking.
    int64_t pace = std::clamp(limits_.item_timeout_ns / 10, 2 * kMs, 50 * kMs);
    due = std::min(due, now + pace);
  }
  return static_cast<int>(std::max<int64_t>(0, (due - now + kMs - 1) / kMs));
}

Ending Watch::look(int64_t now) {
  if (limits_.deadline_ns && now >= limits_.deadline_ns) return Ending::kTimeout;
  if (limits_.item_timeout_ns && is_item_late(now)) return Ending::kItemTimeout;
  if (limits_.memory_bytes && now >= memory_due_ns_) {
    memory_due_ns_ = now + kMemoryEveryNs;
    if (memory_.exceeds(limits_.memory_bytes)) return Ending::kMemoryLimit;
  }
  if (sleep_.is_proved(now, slot_->vain)) return Ending::kDeadlock;
  return Ending::kLeft;
}

void Watch::saw_life(int64_t now) { sleep_.begin_anew(now); }

bool Watch::is_item_late(int64_t now) {
  int32_t begun = slot_->begun;
  if (begun != seen_begun_ || slot_->done >= begun) {
    seen_begun_ = begun;
    seen_begun_ns_ = now;
    return false;
  }
  int64_t grace = slot_->pending > 0 ? std::max(limits_.item_timeout_ns / 4, kLoopGraceMs * kMs) : 0;
  return now - seen_begun_ns_ > limits_.item_timeout_ns + grace;
}

}  // namespace forkmap
