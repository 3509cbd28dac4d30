#include "napi/classes.h"

#include "v8/hidden_classes.h"

namespace forkmap {

Napi::Value representatives(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto rows = v8_classes::representatives(env, info[0].As<Napi::Array>());
  if (!rows) return env.Undefined();
  auto array = Napi::Array::New(env, rows->size());
  for (uint32_t i = 0; i < rows->size(); i++) array.Set(i, (*rows)[i]);
  return array;
}

}  // namespace forkmap
