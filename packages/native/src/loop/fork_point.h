// The moment in the event loop at which the origin forks for asynchronous calls: its prepare phase.
//
// No JavaScript is on the stack there, the microtask and nextTick queues are empty, and no batch of I/O is half done,
// so a child can return from the callback and go on in the very same event loop.
#pragma once

#include <uv.h>

#include <functional>

namespace forkmap {

// Calls `at_prepare` once, in the next prepare phase of `loop`, which is kept from sleeping until then. In a child, all
// other fork points of the origin are void: see void_in_child.
class ForkPoint {
 public:
  static void schedule(uv_loop_t* loop, std::function<void()> at_prepare);
  static void void_in_child();
};

}  // namespace forkmap
