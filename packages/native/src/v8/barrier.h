// Brings V8's background threads to rest for the length of a fork.
//
// A background task in flight at the moment of the fork would never end in the child, and hang its next collection.
// One task per worker thread of the platform announces itself and waits: when all have, no background work of any
// isolate of the process is in flight.
#pragma once

#include <chrono>
#include <memory>

#include "v8/node_platform.h"

namespace forkmap::v8_rest {

class Barrier {
 public:
  Barrier() = default;
  Barrier(const Barrier&) = delete;
  ~Barrier() { release(); }

  // False when the threads did not all arrive within `limit`. They are released then; it is safe to try again.
  [[nodiscard]] bool raise(node_platform::Platform* platform, std::chrono::milliseconds limit);
  void release();
  // In a child: the parked threads do not exist here, and must not be told anything.
  void forget_in_child() { state_.reset(); }

 private:
  struct State;
  class ParkTask;
  std::shared_ptr<State> state_;
};

}  // namespace forkmap::v8_rest
