// What /proc says of threads that wait for what can never come.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace forkmap::proc {

// When every thread of the process waits, without a time limit, for what only another thread of the process could
// bring, nobody is left to bring it: gives the sum of the threads' context switches, by which two looks can tell that
// none of them ran in between. A thread may wait so in a futex of its own memory, or in an epoll set of which nothing
// can be woken from outside: no child, no signal, no socket, no pipe from elsewhere, no timer, no watched file.
// turns_in_vain: its main thread may be polling with a time limit, and have run: nothing comes of it but another turn.
std::optional<uint64_t> asleep_for_good(pid_t pid, bool turns_in_vain);

}  // namespace forkmap::proc
