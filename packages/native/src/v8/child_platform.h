// A background thread for the child.
//
// The platform's worker threads do not exist in a child, but V8 goes on posting work to them. In the child we redirect
// the platform's methods for posting and for draining to a queue served by a thread that is started with the first
// task. Where none can be started, tasks run on the child's own thread, once that has nothing else to do.
#pragma once

#include "v8/node_platform.h"

#include <functional>

namespace forkmap::child_platform {

// Window. FORK-SAFE: mprotect and stores, no allocation. Called again in a child's child, it forgets the dead thread.
// Returns false when the platform's method table could not be written. Tasks wait until start_in_child.
[[nodiscard]] bool install_in_child(node_platform::Platform* platform);

// Run, in a child: from now on tasks are served, also those that its snapshot has left. WHY not before: a snapshot must
// stay without threads, or what they are at is lost in those that it forks.
void start_in_child();

// Share, in a snapshot: runs what is queued, on a thread that is gone again when this returns. WHY: what is left in the
// queue is run by every child, on a thread of its own.
void run_queued();

// Share, in a snapshot: has a thread serve the queue while `act` runs, until nothing is left in it. The thread is gone
// again when this returns.
void serve_while(node_platform::Platform* platform, v8::Isolate* isolate, const std::function<void()>& act);

bool is_installed();

// Run, in a child: whether background work of V8's is queued or running, such as the compilation of WebAssembly.
bool is_busy();
int served();          // how many tasks have been run in this child
int worker_threads();  // 0 or 1: the live threads of this child's queue

}  // namespace forkmap::child_platform
