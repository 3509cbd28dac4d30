// One fork of the origin at a time, and none while a driver holds the write end of a result pipe.
//
// INVARIANT: the write end of a result pipe exists in the child that writes to it, and nowhere else; close-on-exec does
// not help, because lanes never exec. A copy that slipped into another snapshot would keep the pipe from ever ending.
#pragma once

#include <pthread.h>

namespace forkmap::fork_lock {

// Held while forking (and while V8 is at rest: two barriers at once would each hold half of the threads).
class Exclusive {
 public:
  Exclusive();
  ~Exclusive();
  Exclusive(const Exclusive&) = delete;
};

// Held while a descriptor is open here that no fork may copy.
class Shared {
 public:
  Shared();
  ~Shared();
  Shared(const Shared&) = delete;
};

void reset_in_child();  // window: whoever held it does not exist here

}  // namespace forkmap::fork_lock
