// What a driver thread does for one chunk: has a lane fork a child, supervises it, has it reaped.
#pragma once

#include "drive/call.h"
#include "drive/supervise.h"

namespace forkmap {

// A child that is over one of them is not given another chunk. 0: no bound.
struct LifeBounds {
  uint32_t births = 0;  // so many times what its birth took
  uint64_t bytes = 0;   // memory of its own
};

struct DriveRequest {
  Chunk chunk;
  Limits limits;
  bool should_promote = false;  // this lane will fork often: give it a process of its own
  bool should_keep = false;     // the child may live on for the lane's next chunk, within…
  LifeBounds keep{};            // …these bounds
  uint32_t output_flags = 0;    // wire::Flags for standard output and error
  bool (*is_stopping)(void*) = nullptr;
  void* stopping_data = nullptr;
};

Outcome drive(Call& call, const DriveRequest& request);

// Tells a kept child that there is no chunk for it any more: it does what is left to do, and leaves.
void dismiss_kept_child(Lane& lane);

// Has a kept child leave and be reaped. One that has not left within kLeavesWithinMs, or when the call is cancelled, is
// killed.
void end_kept_child(Lane& lane, Patience& patience, const std::atomic<bool>& is_cancelled);

// Of a child that lives on its own account, and is no driver's (src/keep). Both block. The lane stays the caller's.
// False where nothing was forked: `outcome` says why.
bool fork_resident(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome);
// Ends it, if it has not ended by itself, and has it reaped. Its descriptors are closed.
void end_resident(Call& call, Lane& lane, Outcome& outcome);

}  // namespace forkmap
