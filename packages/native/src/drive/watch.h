// What a driver watches a child for while it waits: deadlines, memory, and a sleep from which nobody can wake it.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "drive/endless_sleep.h"
#include "protocol.h"

namespace forkmap {

struct Limits {
  int64_t deadline_ns = 0;            // CLOCK_MONOTONIC; 0: none
  int64_t item_timeout_ns = 0;        // 0: none
  uint64_t memory_bytes = 0;          // private memory beyond what was inherited; 0: no limit
  uint64_t inherited_anon_bytes = 0;  // of the process that the child was forked from
};

class Watch {
 public:
  Watch(const Limits& limits, pid_t pid, volatile const BoardSlot* slot);

  // How long to sleep at most before look() is called again.
  int sleep_ms(int64_t now) const;
  // Looks, and says why the child must end; Ending::kLeft when it may go on.
  Ending look(int64_t now);
  // The child showed a sign of life: the proof of a deadlock begins anew.
  void saw_life(int64_t now);

  uint64_t peak_private_bytes() const { return peak_private_bytes_; }

 private:
  bool is_item_late(int64_t now);
  bool is_over_memory(int64_t now);

  Limits limits_;
  pid_t pid_;
  volatile const BoardSlot* slot_;
  int32_t seen_begun_;
  int64_t seen_begun_ns_;
  int64_t memory_due_ns_;
  uint64_t known_private_bytes_ = 0;  // when it was last counted, page by page, at…
  uint64_t known_anon_bytes_;         // …this much anonymous memory
  uint64_t known_faults_ = 0;         // …and so many page faults: a new process begins with none
  uint64_t peak_private_bytes_ = 0;
  EndlessSleep sleep_;
};

}  // namespace forkmap
