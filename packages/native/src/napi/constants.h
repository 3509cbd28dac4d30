// protocol.h as a JavaScript object: the numbers that both sides must agree on, typed once, in C++.
#pragma once

#include <napi.h>

namespace forkmap {

Napi::Object protocol_constants(Napi::Env env);

}  // namespace forkmap
