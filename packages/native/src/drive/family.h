// A child and the programs that it has started.
#pragma once

#include <sys/types.h>

namespace forkmap {

// Kills a child, and all that it has started and that these have started, but for what is detached: in a session of its
// own. process: its descriptor, or -1. INVARIANT: as for sys::kill_process.
void kill_family(int process, pid_t pid);

}  // namespace forkmap
