// Calls JavaScript from the event loop, with nothing of it on the stack.
#pragma once

#include <napi.h>

#include <initializer_list>

namespace forkmap {

// Calls `function`, and then what it has put into the queues of ticks and microtasks. WHY not MakeCallback: it takes
// what one of those throws for an exception of `function`'s, and keeps it; here the process's listeners hear of it.
inline void call_back(const Napi::Function& function, std::initializer_list<napi_value> arguments) {
  Napi::Env env = function.Env();
  Napi::AsyncContext context(env, "FORKMAP");
  Napi::CallbackScope scope(env, context);
  function.Call(env.Global(), arguments);
}

}  // namespace forkmap
