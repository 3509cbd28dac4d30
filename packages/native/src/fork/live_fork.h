// The fork of a live Node process: prepare, fork, part ways. Everything else in this addon serves this.
#pragma once

#include <node.h>

#include <vector>

#include "sys/result.h"

namespace forkmap {

struct LiveFork {
  v8::Isolate* isolate;
  node::MultiIsolatePlatform* platform;
  std::vector<int> kept;     // sockets that the child goes on using
  std::vector<int> watched;  // pipes that the origin's event loop watches
  std::vector<int> inputs;   // beside descriptor 0, by which the origin reads its standard input
  int quiesce_ms = 1000;     // how long V8's background threads may take to come to rest
};

// Forks. In the origin: the child's pid, its heap marks put back, background threads running again. In the child: 0; it
// is alone, follows its parent's death, hears no signals of the origin's, shares no connection with it, and V8 has a
// background thread of its own. Errors: errno of fork, or ETIMEDOUT with call "quiesce": in both nothing was forked.
Result<pid_t> live_fork(const LiveFork& plan);

// In a forked process, before it forks in turn: what V8 has mapped there is seen by its children too.
Status share_heap_in_child();

}  // namespace forkmap
