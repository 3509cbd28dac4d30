// Memory that the origin and all its children share, in place.
#pragma once

#include <napi.h>

namespace forkmap {

// (bytes, is_taken_now): ArrayBuffer | SysError. Zeroed; freed by the collector
Napi::Value share_memory(const Napi::CallbackInfo& info);
void clear_memory(const Napi::CallbackInfo& info);  // (buffer). Zeros again, and nothing used, here and now
void map_ahead(const Napi::CallbackInfo& info);     // (memory, start, end): if the page of `start` is mapped

}  // namespace forkmap
