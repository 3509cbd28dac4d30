// What a child must see to while it runs: that it still follows its parent, and that what it shares stays as it was.
#pragma once

#include <napi.h>

namespace forkmap {

// Adds followParent and withStandIn to the functions of `binding.child`.
void add_belongings(Napi::Env env, Napi::Object& functions);

}  // namespace forkmap
