// What a driver watches a child for while it waits: deadlines, memory, and a sleep from which nobody can wake it.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "drive/endless_sleep.h"
#include "drive/private_memory.h"
#include "protocol.h"

namespace forkmap {

struct Limits {
  int64_t deadline_ns = 0;      // CLOCK_MONOTONIC; 0: none
  int64_t item_timeout_ns = 0;  // 0: none
  uint64_t memory_bytes = 0;    // private memory beyond what was inherited; 0: no limit
};

class Watch {
 public:
  Watch(const Limits& limits, pid_t pid, volatile const BoardSlot* slot, PrivateMemory& memory);

  // How long to sleep at most before look() is called again.
  int sleep_ms(int64_t now) const;
  // Looks, and says why the child must end; Ending::kLeft when it may go on.
  Ending look(int64_t now);
  // The child showed a sign of life: the proof of a deadlock begins anew.
  void saw_life(int64_t now);

 private:
  bool is_item_late(int64_t now);

  Limits limits_;
  volatile const BoardSlot* slot_;
  PrivateMemory& memory_;
  int32_t seen_begun_;
  int64_t seen_begun_ns_;
  int64_t memory_due_ns_;
  EndlessSleep sleep_;
};

}  // namespace forkmap
