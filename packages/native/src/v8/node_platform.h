// Node's platform: the object by which V8 posts work to other threads.
//
// It has no stable interface: the slots of its method table differ between versions of Node, and so does what the
// method for posting is given. One addon serves all versions, so that it knows no more of the class than this, and
// finds the slots when it is loaded: by the methods' own addresses, where Node exports them; else by its version.
#pragma once

#include <v8-platform.h>

#include <cstdint>
#include <memory>

namespace forkmap::node_platform {

struct Platform;  // node::MultiIsolatePlatform, of which nothing is used but what is below

// Of this thread's environment.
Platform* current();

// How the slots are known.
enum class Knowledge {
  kNone,      // this Node's are not
  kByTable,   // by its version alone: to be tried before it is trusted
  kBySymbol,  // they hold what Node exports by these names, with these arguments
};

// Prepare, once per process: finds the slots. All else here needs them.
Knowledge find_slots(uint32_t node_major);

// How many threads it has for V8's work.
int worker_threads(Platform* platform);
// Has one of them run the task, before others that wait.
void post(Platform* platform, std::unique_ptr<v8::Task> task);
// Runs the tasks that V8 has posted to the isolate's own thread; false where there were none.
bool flush(Platform* platform, v8::Isolate* isolate);
// Runs those, and waits for all that was posted.
void drain(Platform* platform, v8::Isolate* isolate);

// What V8 is to call in this process instead of the platform's own.
struct Methods {
  void (*post)(std::unique_ptr<v8::Task> task);
  void (*drain)(Platform* platform, v8::Isolate* isolate);
};

// Window. FORK-SAFE: mprotect and stores, no allocation. False where the method table could not be written.
[[nodiscard]] bool redirect_in_child(Platform* platform, const Methods& methods);

#ifdef FORKMAP_FAULTS
// The slots as for a Node of that version which exports none of the methods.
Knowledge find_slots_by_table(uint32_t node_major);
#endif

}  // namespace forkmap::node_platform
