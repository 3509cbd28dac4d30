// A fork whose child is proved not to have caught other threads in the middle of a lock.
#pragma once

#include "fork/live_fork.h"

namespace forkmap {

// As live_fork. Where other threads were at work, the origin waits until the child has proved its health, and forks
// anew where that is stuck: nothing has run here meanwhile, so that the child sees the same world. Besides: EDEADLK
// with call "health", where one fork after the other was stuck; there is no child then.
Result<pid_t> healthy_fork(const LiveFork& plan);

}  // namespace forkmap
