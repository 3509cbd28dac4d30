// `binding.faults`, in the test build alone: what a test may break, and what it may look at from close by.
#pragma once

#ifdef FORKMAP_FAULTS
#include <napi.h>

namespace forkmap {

Napi::Object fault_functions(Napi::Env env);

}  // namespace forkmap
#endif
