#include "napi/memory.h"

#include <algorithm>

#include "napi/outcome.h"
#include "sys/calls.h"

namespace forkmap {

Napi::Value share_memory(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto bytes = static_cast<size_t>(info[0].As<Napi::Number>().DoubleValue());
  auto memory = sys::map_shared(std::max<size_t>(bytes, 1));
  if (!memory) return to_object(env, memory.error());
  auto unmap = [](Napi::Env, void* address, size_t* mapped) {
    sys::unmap(address, std::max<size_t>(*mapped, 1));
    delete mapped;
  };
  return Napi::ArrayBuffer::New(env, memory.value(), bytes, unmap, new size_t(bytes));
}

// WHY: until the collector comes by, the memory of many calls would pile up.
Napi::Value unshare_memory(const Napi::CallbackInfo& info) {
  info[0].As<Napi::ArrayBuffer>().Detach();
  return info.Env().Undefined();
}

}  // namespace forkmap
