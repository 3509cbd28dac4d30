// A blocking piece of work on a thread of the addon's, and its end on the thread of the caller's JavaScript.
// WHY not libuv's thread pool: its four threads belong to the user's files and look-ups; a child may run for hours.
#pragma once

#include <napi.h>

#include <functional>

namespace forkmap {

struct BackgroundWork {
  std::function<void()> run;  // on the new thread; must not touch JavaScript
  std::function<void(Napi::Env)>
      finish;                    // on the JavaScript thread afterwards; not called when the environment ends first
  std::function<void()> cancel;  // the environment ends: make `run` return soon
};

// Keeps the event loop alive until `finish` has run.
void run_in_background(Napi::Env env, BackgroundWork work);

}  // namespace forkmap
