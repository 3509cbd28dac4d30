#include "napi/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "napi/outcome.h"
#include "sys/calls.h"

namespace forkmap {
namespace {

constexpr uintptr_t kPageBytes = 4096;
constexpr size_t kFaultAroundBytes = 64 * 1024;

// SOURCE: proc_pid_pagemap(5): bit 63 of a page's entry: it is there. Of shared memory, in this process.
bool is_mapped_here(uintptr_t address) {
  UniqueFd pagemap(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  uint64_t entry = 0;
  auto at = static_cast<off_t>(address / kPageBytes * sizeof entry);
  return pagemap && ::pread(pagemap.get(), &entry, sizeof entry, at) == sizeof entry && entry >> 63;
}

}  // namespace

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

// WHY by reading: of a write the kernel maps the one page. SOURCE: Linux, mm/memory.c, do_fault_around; its window is
// fault_around_bytes, 64 KiB unless somebody has set it.
void map_ahead(const Napi::CallbackInfo& info) {
  auto memory = info[0].As<Napi::ArrayBuffer>();
  auto* bytes = static_cast<const volatile char*>(memory.Data());
  auto start = static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  size_t end = std::min(memory.ByteLength(), static_cast<size_t>(info[2].As<Napi::Number>().Int64Value()));
  if (start >= end || !is_mapped_here(reinterpret_cast<uintptr_t>(bytes + start))) return;
  for (size_t at = start; at < end; at += kFaultAroundBytes) (void)bytes[at];
}

}  // namespace forkmap
