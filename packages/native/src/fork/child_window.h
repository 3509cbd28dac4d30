// Window: what a forked process does before anything else. FORK-SAFE: system calls only, no allocation, no locks.
#pragma once

#include <sys/types.h>

#include <span>

namespace forkmap {

// Dies with `parent`. WHY the check: the parent may have died before the request was made.
void follow_parent_or_leave(pid_t parent);

// Signal handlers are the origin's: they would run its JavaScript, or write to pipes that it reads. V8's and Node's own
// fault handlers stay. The terminal's Ctrl-C is the origin's business: children ignore it and follow the origin's
// death.
void reset_signal_handlers();

// Sockets, and the pipes in `watched`, are connections of the origin: a child that wrote to them, read from them or
// polled them would take part in its conversations. Each is replaced by a descriptor that is never ready and never
// written to, except those in `kept`. The standard descriptors stay.
void quarantine_descriptors(std::span<const int> kept, std::span<const int> watched);

// Standard input, and `inputs`, become an empty pipe at its end.
void end_standard_input(std::span<const int> inputs);

// Standard output and error to nowhere.
void silence_output();

// The one end of every process that we fork: nothing of the origin's (exit handlers, destructors, buffers) may run.
[[noreturn]] void leave(int code);

}  // namespace forkmap
