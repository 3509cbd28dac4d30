// Window: what a forked process does before anything else. FORK-SAFE: system calls only, no allocation, no locks.
#pragma once

#include <sys/types.h>

#include <span>

#include "fork/own_channels.h"

namespace forkmap {

// Dies with `parent`. WHY the check: the parent may have died before the request was made.
void follow_parent_or_leave(pid_t parent);

// Run: the same again. WHY: the kernel drops the request where the process changes its user or group.
void follow_on_or_leave();

// Prepare: descriptors 0 to 2 that the origin has closed lead nowhere; gives which, as bits. WHY before the fork: libuv
// opens some of its own anew by a handler of fork's, and aborts where it finds them there.
unsigned occupy_standard_descriptors();
void vacate_descriptors(unsigned occupied);

// Signal handlers are the origin's: they would run its JavaScript, or write to pipes that it reads. V8's and Node's own
// fault handlers stay. The terminal's Ctrl-C is the origin's business: children ignore it and follow the origin's
// death.
void reset_signal_handlers();

// Sockets, and the pipes in `watched`, are connections of the origin: a child that wrote to them, read from them or
// polled them would take part in its conversations. Each is replaced by a descriptor that is never ready and never
// written to, except those in `kept`. The standard descriptors stay.
void quarantine_descriptors(std::span<const int> kept, std::span<const int> watched);

// Ways in which the origin hears itself (own_channels.h): what is written to them here must not be read there. WHY not
// the replacement of above: libuv writes to those of loops that do not turn here, and aborts where it cannot.
void replace_own_channels(std::span<const int> kept, std::span<const Channel> channels);

// Standard input, and `inputs`, become an empty pipe at its end.
void end_standard_input(std::span<const int> inputs);

// Standard output and error to nowhere.
void silence_output();

// The one end of every process that we fork: nothing of the origin's (exit handlers, destructors, buffers) may run.
[[noreturn]] void leave(int code);

}  // namespace forkmap
