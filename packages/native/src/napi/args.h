// Options objects from our own JavaScript. It has checked them for the user: what is missing is the default.
#pragma once

#include <napi.h>

#include "drive/drive.h"

namespace forkmap {

inline double number_or(const Napi::Object& options, const char* name, double otherwise) {
  Napi::Value value = options.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : otherwise;
}

inline bool flag(const Napi::Object& options, const char* name) { return options.Get(name).ToBoolean(); }

// timeoutMs (from now), itemTimeoutMs, memoryBytes
Limits limits_of(const Napi::Object& options);

// start, end, maxPayloadBytes
Chunk chunk_of(const Napi::Object& options);

// stdio: 'inherit' | 'ignore' | 'capture', as wire::Flags
uint32_t output_flags_of(const Napi::Object& options);

}  // namespace forkmap
