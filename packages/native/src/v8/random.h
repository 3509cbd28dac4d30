// Math.random in a child.
//
// V8 keeps the generator's state and the next 64 numbers in each context, so all children of one snapshot would draw
// the same numbers. There is no API to seed them; we find them where they are, prove them by their shape, and write.
#pragma once

#include <v8.h>

namespace forkmap::v8_random {

// Gives the context's Math.random a fresh state from the kernel. False where the state was not found: the caller then
// replaces Math.random itself.
[[nodiscard]] bool reseed_in_child(v8::Local<v8::Context> context);

}  // namespace forkmap::v8_random
