// How long a driver waits for a snapshot or a lane, which may be stopped or starved.
#pragma once

#include <cstdint>

#include "drive/endless_sleep.h"
#include "sys/result.h"

namespace forkmap {

// For ever, as long as the call goes on. Once it is cancelled, or the driver's thread must end, for a moment. A
// snapshot that is proved to sleep for ever, because it came to a lock that another thread of the origin held at the
// fork, is killed: its sockets then end, which is heard as its death.
class Patience {
 public:
  // snapshot: not reaped as long as this is used; 0 where none is waited for.
  // is_stopping: asked now and then whether this thread must give up; may be null.
  Patience(int cancel_fd, pid_t snapshot, bool (*is_stopping)(void*), void* stopping_data);

  // Until `fd` has one of `events` (or is at its end). ECANCELED where patience has run out.
  Status await(int fd, short events);

 private:
  int cancel_fd_;
  EndlessSleep sleep_;
  bool (*is_stopping_)(void*);
  void* stopping_data_;
  int64_t give_up_ns_ = 0;  // CLOCK_MONOTONIC; 0: the call goes on
};

}  // namespace forkmap
