// Tasks that V8 has posted to the isolate's own thread: the continuation of work in the background.
#pragma once

#include <node_api.h>

#include "v8/node_platform.h"

namespace forkmap::v8_foreground {

// Run, in a child: lets go of the tasks that were posted in the origin, without running them. WHY: they settle promises
// of the origin (WebAssembly.compile, Atomics.waitAsync), and would run the code that awaits them.
void drop_in_child(napi_env env, node_platform::Platform* platform);

}  // namespace forkmap::v8_foreground
