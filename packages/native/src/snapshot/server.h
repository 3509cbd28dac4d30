// The loops of the snapshot and of the lanes: processes with one thread that never enter V8 any more and fork children
// on demand.
//
//          origin ── live_fork ──▶ snapshot ── fork (Promote) ──▶ lane ── fork (Fork) ──▶ child
//                                     └──────────── fork (Fork, lane not promoted) ─────▶ child
//
// FORK-SAFE: system calls and memory that was there before the fork; no allocation, no locks, nothing of the origin's.
#pragma once

#include <cstdint>

#include "sys/unique_fd.h"

namespace forkmap::snapshot {

// What a child was forked for.
struct Ticket {
  int32_t lane = 0;
  int32_t start = 0;
  int32_t end = 0;
  UniqueFd output;  // the write end of its result pipe
  UniqueFd work;    // where a kept child hears of its next chunk; empty for others
};

struct ServerPlan {
  UniqueFd control;  // end of file here is the end of the call
  int lanes;
};

// Serves until the call ends, then leaves the process. Returns only in a child that it forked.
Ticket serve_or_leave(ServerPlan& plan);

}  // namespace forkmap::snapshot
