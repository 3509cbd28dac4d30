// How long a driver waits for a snapshot or a lane, which may be stopped or starved.
#pragma once

#include <cstdint>

#include "sys/result.h"

namespace forkmap {

// For ever, as long as the call goes on. Once it is cancelled, or the driver's thread must end, for a moment.
class Patience {
 public:
  // is_stopping: asked now and then whether this thread must give up; may be null.
  Patience(int cancel_fd, bool (*is_stopping)(void*), void* stopping_data)
      : cancel_fd_(cancel_fd), is_stopping_(is_stopping), stopping_data_(stopping_data) {}

  // Until `fd` has one of `events` (or is at its end). ECANCELED where patience has run out.
  Status await(int fd, short events);

 private:
  int cancel_fd_;
  bool (*is_stopping_)(void*);
  void* stopping_data_;
  int64_t give_up_ns_ = 0;  // CLOCK_MONOTONIC; 0: the call goes on
};

}  // namespace forkmap
