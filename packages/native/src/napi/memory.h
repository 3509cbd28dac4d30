// Memory that the origin and all its children share, in place.
#pragma once

#include <napi.h>

namespace forkmap {

Napi::Value share_memory(
    const Napi::CallbackInfo& info);                // (bytes): ArrayBuffer | SysError. Zeroed; freed by the collector
void clear_memory(const Napi::CallbackInfo& info);  // (buffer). Zeros again, and nothing used, here and now
void map_ahead(const Napi::CallbackInfo& info);     // (memory, start, end): if the page of `start` is mapped

}  // namespace forkmap
