// Objects whose properties V8 describes by one and the same hidden class ("map").
//
// Where two objects have one map, and their properties are neither in a dictionary nor elements, then what is true of
// the keys, the attributes and the prototype of one is true of the other's. So a batch of a thousand records is proved
// to be plain data by looking at one of them. There is no API to compare maps; we read the word that names it, and use
// nothing of it but whether it is the same word.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace forkmap::v8_classes {

// The rows of some of the objects, few, that between them have each hidden class that is among all of them. Nothing
// where one of them is no ordinary object with all of its properties in its hidden class (a dictionary, an array, a
// Proxy, one with elements), where the array has holes or accessors, where there are too many classes, or where this V8
// is not as we know it. It holds until JavaScript runs that may change one of the objects.
[[nodiscard]] std::optional<std::vector<uint32_t>> representatives(Napi::Env env, const Napi::Array& objects);

}  // namespace forkmap::v8_classes
