// What a kept child's own JavaScript can ask for: `binding.child.kept`.
#pragma once

#include <napi.h>

namespace forkmap::keep {

Napi::Object inside_functions(Napi::Env env);

}  // namespace forkmap::keep
