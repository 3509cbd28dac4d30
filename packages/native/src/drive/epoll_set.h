// Whether an epoll set holds anything that something outside of its process could make ready.
#pragma once

#include <sys/types.h>

namespace forkmap::proc {

// False where that is not certain.
bool is_out_of_reach(pid_t pid, int epoll);

}  // namespace forkmap::proc
