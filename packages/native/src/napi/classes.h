// Which objects are described by the same hidden class.
#pragma once

#include <napi.h>

namespace forkmap {

Napi::Value representatives(const Napi::CallbackInfo& info);  // (objects): number[] | undefined

}  // namespace forkmap
