#include "napi/classes.h"

#include <string.h>
#include <v8.h>

#include "v8/hidden_classes.h"

namespace forkmap {

Napi::Value representatives(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  napi_value argument = info[0];
  v8::Local<v8::Value> objects;
  // SOURCE: Node, src/js_native_api_v8.h: a napi_value is a handle.
  static_assert(sizeof argument == sizeof objects);
  memcpy(static_cast<void*>(&objects), &argument, sizeof objects);
  auto rows = v8_classes::representatives(v8::Isolate::GetCurrent()->GetCurrentContext(), objects.As<v8::Array>());
  if (!rows) return env.Undefined();
  auto array = Napi::Array::New(env, rows->size());
  for (uint32_t i = 0; i < rows->size(); i++) array.Set(i, (*rows)[i]);
  return array;
}

}  // namespace forkmap
