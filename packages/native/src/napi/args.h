// Options objects from our own JavaScript. It has checked them for the user: what is missing is the default.
#pragma once

#include <napi.h>

#include "drive/drive.h"

namespace forkmap {

// WHY not Napi::Object::Get: it ends the process where the worker thread is being terminated at that moment.
inline napi_value property_or_null(const Napi::Object& options, const char* name) {
  napi_value value;
  return napi_get_named_property(options.Env(), options, name, &value) == napi_ok ? value : nullptr;
}

inline double number_or(const Napi::Object& options, const char* name, double otherwise) {
  napi_value value = property_or_null(options, name);
  double number;
  return value && napi_get_value_double(options.Env(), value, &number) == napi_ok ? number : otherwise;
}

inline bool flag(const Napi::Object& options, const char* name) {
  napi_value value = property_or_null(options, name);
  bool is_set;
  return value && napi_get_value_bool(options.Env(), value, &is_set) == napi_ok && is_set;
}

// timeoutMs (from now), itemTimeoutMs, memoryBytes
Limits limits_of(const Napi::Object& options);

// start, end, maxPayloadBytes
Chunk chunk_of(const Napi::Object& options);

// stdio: 'inherit' | 'ignore' | 'capture', as wire::Flags
uint32_t output_flags_of(const Napi::Object& options);

}  // namespace forkmap
