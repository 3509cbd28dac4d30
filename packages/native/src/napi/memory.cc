#include "napi/memory.h"

#include <sys/mman.h>

#include <algorithm>

#include "napi/outcome.h"
#include "sys/calls.h"
#include "sys/huge_pages.h"
#include "sys/pages.h"

namespace forkmap {
namespace {

using sys::kPageBytes;
constexpr uintptr_t kFaultAroundBytes = 64 * 1024;

// Of a page of shared memory: whether this process has used it.
bool is_mapped_here(uintptr_t address) {
  UniqueFd pagemap = sys::open_pagemap();
  uint64_t entry = 0;
  return pagemap && sys::read_pagemap(pagemap, address, {&entry, 1}) && sys::is_resident(entry);
}

// Reads from one page that is there of the window that `at` lies in.
void touch_resident(uintptr_t at, uintptr_t end) {
  unsigned char residence[kFaultAroundBytes / sys::kLeastPageBytes];
  uintptr_t window_end = std::min(end, (at | (kFaultAroundBytes - 1)) + 1);
  if (::mincore(reinterpret_cast<void*>(at), window_end - at, residence) < 0) return;
  for (size_t page = 0; at + page * kPageBytes < window_end; page++) {
    if (!(residence[page] & 1)) continue;
    (void)*reinterpret_cast<const volatile char*>(at + page * kPageBytes);
    return;
  }
}

}  // namespace

Napi::Value share_memory(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto bytes = static_cast<size_t>(info[0].As<Napi::Number>().DoubleValue());
  bool is_taken_now = info[1].As<Napi::Boolean>();
  size_t mapped_bytes = std::max<size_t>(bytes, 1);
  auto memory = is_taken_now ? sys::take_shared(mapped_bytes) : sys::map_shared(mapped_bytes);
  if (!memory) return to_object(env, memory.error());
  auto unmap = [](Napi::Env, void* address, size_t* mapped) {
    sys::unmap(address, *mapped);
    delete mapped;
  };
  return Napi::ArrayBuffer::New(env, memory.value(), bytes, unmap, new size_t(mapped_bytes));
}

// WHY: until the collector comes by, the memory of many calls would pile up. WHY not detached: V8 makes slower code for
// all typed arrays from the first buffer on that was.
void clear_memory(const Napi::CallbackInfo& info) {
  auto memory = info[0].As<Napi::ArrayBuffer>();
  (void)::madvise(memory.Data(), memory.ByteLength(), MADV_REMOVE);
}

// WHY by reading: of a write the kernel maps the one page. SOURCE: Linux, mm/memory.c, do_fault_around; its window is
// fault_around_bytes, 64 KiB unless somebody has set it. WHY only what is there: to read a page that was never written
// makes one. SOURCE: mincore(2).
void map_ahead(const Napi::CallbackInfo& info) {
  auto memory = info[0].As<Napi::ArrayBuffer>();
  auto address = reinterpret_cast<uintptr_t>(memory.Data());
  uintptr_t at = address + static_cast<size_t>(info[1].As<Napi::Number>().Int64Value());
  uintptr_t end = address + std::min(memory.ByteLength(), static_cast<size_t>(info[2].As<Napi::Number>().Int64Value()));
  if (at >= end || !is_mapped_here(at)) return;
  for (at &= ~(kFaultAroundBytes - 1); at < end; at += kFaultAroundBytes) touch_resident(std::max(at, address), end);
}

}  // namespace forkmap
