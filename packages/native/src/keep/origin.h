// What the origin's JavaScript can ask of kept children: `binding.keep`.
#pragma once

#include <napi.h>

namespace forkmap::keep {

Napi::Object origin_functions(Napi::Env env);

}  // namespace forkmap::keep
