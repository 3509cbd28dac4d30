#include "sys/huge_pages.h"

#include <sys/mman.h>

#include <algorithm>

#include "sys/calls.h"
#include "sys/pages.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25  // SOURCE: Linux 6.1, include/uapi/asm-generic/mman-common.h
#endif

namespace forkmap::sys {
namespace {

constexpr int64_t kPageByPageNs = 1'000'000;  // what the pages of a huge one take to be asked for one by one
constexpr int64_t kLongestNs = 50'000'000;    // that nobody else gets the thread

// Where so many bytes have room that begin at a multiple of a huge page.
void* find_room(size_t bytes) {
  size_t room = bytes + kHugePageBytes;
  void* found = ::mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  ::munmap(found, room);
  return reinterpret_cast<void*>(round_up_to_huge_page(reinterpret_cast<uintptr_t>(found)));
}

}  // namespace

Result<void*> map_for_huge_pages(size_t bytes, int file) { return map_shared(bytes, find_room(bytes), file); }

// WHY in steps: each may be the last that is to be had, or take long to be made room for. WHY ever larger ones: with
// each the kernel waits for all CPUs. SOURCE: Linux, mm/khugepaged.c, madvise_collapse.
size_t take_huge_pages(void* memory, size_t bytes, int64_t due_ns) {
  if (kPageBytes != kLeastPageBytes) return 0;  // their huge pages are larger than these
  auto* start = static_cast<char*>(memory);
  size_t end = bytes / kHugePageBytes * kHugePageBytes;
  size_t taken = 0;
  size_t step = kHugePageBytes;
  for (int64_t now = now_ns(), took = 0; taken < end && now + took < due_ns;) {
    step = std::min(step, end - taken);
    // WHY touched: where nothing is used yet, the kernel sees nothing to make one of.
    for (size_t at = 0; at < step; at += kHugePageBytes) *static_cast<volatile char*>(start + taken + at) = 0;
    if (::madvise(start + taken, step, MADV_COLLAPSE) < 0) break;
    taken += step;
    step *= 2;
    took = 2 * (now_ns() - now);
    now = now_ns();
  }
  return taken;
}

Result<void*> take_shared(size_t bytes) {
  auto mapped = map_for_huge_pages(bytes);
  if (!mapped) return mapped;
  auto pages = static_cast<int64_t>(bytes / kHugePageBytes);
  take_huge_pages(mapped.value(), bytes, now_ns() + std::min(pages * kPageByPageNs, kLongestNs));
  return mapped;
}

}  // namespace forkmap::sys
