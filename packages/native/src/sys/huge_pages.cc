#include "sys/huge_pages.h"

#include <sys/mman.h>

#include <algorithm>

#include "sys/calls.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25  // SOURCE: Linux 6.1, include/uapi/asm-generic/mman-common.h
#endif

namespace forkmap::sys {
namespace {

constexpr int64_t kPageByPageNs = 1'000'000;  // what the pages of a huge one take to be asked for one by one
constexpr int64_t kLongestNs = 100'000'000;   // that nobody else gets the thread

}  // namespace

void* find_huge_room(size_t bytes) {
  size_t room = bytes + kHugePageBytes;
  void* found = ::mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  ::munmap(found, room);
  auto start = reinterpret_cast<uintptr_t>(found);
  return reinterpret_cast<void*>((start + kHugePageBytes - 1) & ~(kHugePageBytes - 1));
}

bool take_huge_page(void* memory) {
  // WHY touched: where nothing is used yet, the kernel sees nothing to make one of.
  *static_cast<volatile char*>(memory) = 0;
  return ::madvise(memory, kHugePageBytes, MADV_COLLAPSE) == 0;
}

Result<void*> take_shared(size_t bytes) {
  auto mapped = map_shared(bytes, find_huge_room(bytes));
  if (!mapped) return mapped;
  auto* memory = static_cast<char*>(mapped.value());
  size_t end = bytes / kHugePageBytes * kHugePageBytes;
  int64_t due = now_ns() + std::min(static_cast<int64_t>(end / kHugePageBytes) * kPageByPageNs, kLongestNs);
  // WHY one after the other: each may be the last that is to be had, or take long to be made room for.
  for (size_t at = 0; at < end && now_ns() < due; at += kHugePageBytes) {
    if (!take_huge_page(memory + at)) break;
  }
  return mapped;
}

}  // namespace forkmap::sys
