// In the test build only: what the kernel alone takes, and a platform that does not come to rest.
#pragma once

#ifdef FORKMAP_FAULTS
#include <napi.h>

namespace forkmap {

// bareFork(): ms of fork, _exit and wait of this process, with V8's heap visible to the child. Nothing else is done:
// V8's threads go on, no signals are blocked, and the child does not run a single instruction of ours but _exit.
Napi::Value bare_fork(const Napi::CallbackInfo& info);

// occupyWorkers(ms): keeps every worker thread of the platform busy for so long.
Napi::Value occupy_workers(const Napi::CallbackInfo& info);

}  // namespace forkmap
#endif
