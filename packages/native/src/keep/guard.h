// A thread that watches kept children while they are at work, for what ends them though nobody asks: too much memory,
// and a sleep from which nobody can wake them. WHY a thread: the origin's own may be busy for as long as it likes.
#pragma once

#include <atomic>
#include <memory>

#include "drive/watch.h"
#include "sys/calls.h"

namespace forkmap::keep {

// What the guard needs to know of a child.
struct Guarded {
  Guarded(pid_t its_pid, const PrivateMemory& its_memory, const Limits& limits, volatile const BoardSlot* its_slot)
      : pid(its_pid),
        process(sys::open_process(its_pid)),
        memory(its_memory),
        has_memory_limit(limits.memory_bytes > 0),
        slot(its_slot),
        watch(limits, its_pid, its_slot, memory) {}

  pid_t pid;
  UniqueFd process;  // the child itself
  PrivateMemory memory;
  bool has_memory_limit;
  volatile const BoardSlot* slot;
  Watch watch;
  std::atomic<Ending> ending{Ending::kLeft};  // why it was killed, where the guard did so
};

// From any thread of the process that has forked the child. The slot must be there until `unguard`.
void guard(std::shared_ptr<Guarded> child);
void unguard(const std::shared_ptr<Guarded>& child);

// A child has been given something to do. Costs next to nothing while the guard is awake.
void wake_guard();

}  // namespace forkmap::keep
