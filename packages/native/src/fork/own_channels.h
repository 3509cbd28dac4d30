// The ways in which a process hears itself: pipes of which it has both ends, eventfds, io_urings. libuv sends pointers
// through some of them: who writes there in a child would have the origin read what it must not.
#pragma once

#include <sys/types.h>

#include <vector>

namespace forkmap {

struct Channel {
  enum class Kind { kReadEnd, kWriteEnd, kEvent, kRing };
  int fd;
  Kind kind;
  ino_t inode;
};

// Prepare: those of this process, but for descriptors 0 to 2.
std::vector<Channel> own_channels();

// FORK-SAFE: a system call. Whether the descriptor is what it was.
bool is_still(const Channel& channel);

}  // namespace forkmap
