// What /proc says of a process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace forkmap::proc {

struct Usage {
  uint64_t anon_bytes;  // RssAnon: shared with the origin or not
  uint64_t minor_faults;
};
std::optional<Usage> usage(pid_t pid);

// Private_Clean + Private_Dirty: what no other process shares. WHY not always: the kernel walks every page for it.
std::optional<uint64_t> private_bytes(pid_t pid);

// Whether it is on its way out, or gone: then a signal no longer changes how it ended.
bool is_exiting(pid_t pid);

// Whether it was stopped, or is gone.
bool is_stopped(pid_t pid);

}  // namespace forkmap::proc
