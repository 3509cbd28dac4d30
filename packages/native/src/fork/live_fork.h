// The fork of a live Node process: prepare, fork, part ways. Everything else in this addon serves this.
#pragma once

#include <vector>

#include "fork/own_channels.h"
#include "sys/result.h"
#include "sys/unique_fd.h"
#include "v8/node_platform.h"

namespace forkmap {

struct LiveFork {
  node_platform::Platform* platform;
  std::vector<int> kept;          // sockets that the child goes on using
  std::vector<int> watched;       // pipes that the origin's event loop watches
  std::vector<int> inputs;        // beside descriptor 0, by which the origin reads its standard input
  std::vector<Channel> channels;  // own_channels()
  bool should_rest = true;        // V8's background threads are brought to rest first
  int quiesce_ms = 1000;          // how long they may take to come to rest
};

// Of a fork at which other threads were at work, the two ends of a pipe: the child is to prove by it that it can take
// what locks these share (shared_locks.h). Empty otherwise.
struct Proof {
  UniqueFd end;  // in the origin, where the proof is read; in the child, where it is written
};

// Forks. In the origin: the child's pid, its heap marks put back, background threads running again. In the child: 0; it
// is alone, follows its parent's death, hears no signals of the origin's, shares no connection with it, and V8 has a
// background thread of its own. Errors: errno of fork, or ETIMEDOUT with call "quiesce": in both nothing was forked.
Result<pid_t> live_fork(const LiveFork& plan, Proof& proof);

// In a forked process, before it forks in turn: what V8 has mapped there is seen by its children too.
Status share_heap_in_child();

}  // namespace forkmap
