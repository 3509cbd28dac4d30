// forkSync and fork: one child of the origin, supervised on the caller's stack or on a thread of its own.
#pragma once

#include <napi.h>

namespace forkmap {

Napi::Value fork_sync(const Napi::CallbackInfo& info);   // (plan, main): Outcome
Napi::Value fork_async(const Napi::CallbackInfo& info);  // (plan, main, settled: (outcome) => void): cancel: () => void

}  // namespace forkmap
