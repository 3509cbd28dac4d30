#include "heap/lean.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "fork/child_window.h"
#include "heap/mappings.h"
#include "sys/calls.h"
#include "sys/pages.h"
#include "v8/heap_pages.h"

namespace forkmap::heap {
namespace {

using sys::kPageBytes;

// WHY two: with one it takes half as long again to make them, and a fork copies a fifth less; with four, the contrary.
const size_t kPairBytes = 2 * kPageBytes;
// WHY a bound: the kernel has one, of 65,530 mappings by default, and each of these makes two more.
constexpr size_t kMostPairsApart = 8192;

// WHY: another C library may let go of pages there, and take it that they are zeros then. SOURCE: musl, src/malloc
#ifdef __GLIBC__
constexpr bool kIsBrkOfGlibc = true;
#else
constexpr bool kIsBrkOfGlibc = false;
#endif

bool holds(const Mapping& mapping, const void* address) {
  auto at = reinterpret_cast<uintptr_t>(address);
  return mapping.start <= at && at < mapping.end;
}

// Its stack, and what the C library keeps of it: both are written to all the time.
bool is_of_this_thread(const Mapping& mapping) {
  return holds(mapping, __builtin_frame_address(0)) || holds(mapping, __builtin_thread_pointer());
}

// WHY not code: V8 changes its protection, and a system may refuse to execute what is in such a file.
// WHY not huge pages: a fork copies one entry for 512 of them.
bool is_worth_moving(const Mapping& mapping) {
  bool is_data = (mapping.protection & PROT_READ) && !(mapping.protection & PROT_EXEC);
  bool is_huge = mapping.huge_kib * 2 > mapping.anonymous_kib;
  return mapping.is_private && mapping.is_anonymous && mapping.is_plain && is_data && mapping.anonymous_kib > 0 &&
         !is_huge && !is_of_this_thread(mapping);
}

// WHY not huge pages: a child asks for one as quickly as a fork copies it.
bool is_of_file(const Mapping& mapping) {
  return mapping.is_private && mapping.is_file && mapping.is_plain && mapping.resident_kib > mapping.huge_kib;
}

// Visits the pages of a mapping that are wanted, as runs of neighbours: visit(address, bytes).
template <class Visit>
Status for_each_run(const Mapping& mapping, const UniqueFd& pagemap, bool (*is_wanted)(uint64_t), Visit visit) {
  uint64_t entries[2048];
  for (uintptr_t at = mapping.start; at < mapping.end;) {
    size_t wanted = std::min(std::size(entries), (mapping.end - at) / kPageBytes);
    auto got = sys::read_pagemap(pagemap, at, {entries, wanted});
    if (!got) return got.error();
    size_t pages = got.value();
    for (size_t first = 0, end; first < pages; first = end) {
      end = first;
      while (end < pages && is_wanted(entries[end]) == is_wanted(entries[first])) end++;
      if (!is_wanted(entries[first])) continue;
      Status visited = visit(at + first * kPageBytes, (end - first) * kPageBytes);
      if (!visited) return visited;
    }
    at += pages * kPageBytes;
  }
  return Done{};
}

Status advise(uintptr_t address, size_t bytes, int advice) {
  if (::madvise(reinterpret_cast<void*>(address), bytes, advice) < 0) return SysError{errno, "madvise"};
  return Done{};
}

// Copies the pages of a mapping that are there; the rest of the file stays empty, and reads as zeros.
Status copy_pages(const Mapping& mapping, const UniqueFd& pagemap, int file, size_t offset) {
  return for_each_run(mapping, pagemap, sys::is_there, [&](uintptr_t from, size_t bytes) {
    return sys::write_at(file, reinterpret_cast<void*>(from), bytes, offset + (from - mapping.start));
  });
}

Result<UniqueFd> copy_all(const std::vector<Mapping>& mappings) {
  size_t file_bytes = 0;
  for (const Mapping& mapping : mappings) file_bytes += mapping.bytes();
  UniqueFd pagemap = sys::open_pagemap();
  if (!pagemap) return SysError{errno, "open"};
  auto file = sys::make_memory_file(file_bytes);
  if (!file) return file.error();
  size_t offset = 0;
  for (const Mapping& mapping : mappings) {
    Status copied = copy_pages(mapping, pagemap, file.value().get(), offset);
    if (!copied) return copied.error();
    offset += mapping.bytes();
  }
  return file;
}

}  // namespace

void move_to_file_or_leave(v8::Local<v8::Context> context, uint64_t budget_bytes) {
  MappingTable table;
  if (!table.read(kOwnSmaps)) return;
  const std::vector<Mapping>& all = table.all();
  auto pages = v8_heap::HeapPages::learn(context, all);
  std::vector<Mapping> mappings;
  // WHY nothing else: whoever lets go of pages (madvise), or has a mapping grow (mremap), finds another memory then.
  // What glibc's malloc has by brk it does neither with, but where it writes before it reads.
  std::copy_if(all.begin(), all.end(), std::back_inserter(mappings), [&](const Mapping& mapping) {
    return is_worth_moving(mapping) && ((mapping.is_brk && kIsBrkOfGlibc) || (pages && pages->covers(mapping)));
  });
  uint64_t needed = 0;
  for (const Mapping& mapping : mappings) needed += uint64_t{mapping.anonymous_kib} * 1024;
  if (needed > budget_bytes) return;

  // INVARIANT: from the copy of a mapping to its replacement nothing is written to it: no allocation, no static data,
  // nothing but the stack, which is not moved.
  auto file = copy_all(mappings);
  if (!file) return;
  size_t offset = 0;
  for (const Mapping& mapping : mappings) {
    // WHY: on failure there may be nothing at all at that place.
    if (!sys::map_private(mapping.start, mapping.bytes(), mapping.protection, file.value().get(), offset)) leave(1);
    offset += mapping.bytes();
  }
}

// A fork copies the entries of a mapping as soon as one page of it is this process's own. So one is made so, by writing
// to it what it has. SOURCE: Linux, mm/memory.c, vma_needs_copy; proc_pid_mem(5): written whatever its protection is.
void inherit_files() {
  MappingTable table;
  UniqueFd memory(::open("/proc/self/mem", O_RDWR | O_CLOEXEC));
  if (!memory || !table.read(kOwnSmaps)) return;
  for (const Mapping& mapping : table.all()) {
    if (!is_of_file(mapping) || mapping.anonymous_kib > 0) continue;
    char byte;
    auto at = static_cast<off_t>(mapping.start);
    // WHY no error: a system that forbids it has children ask for these pages, as without it.
    if (::pread(memory.get(), &byte, 1, at) == 1) (void)!::pwrite(memory.get(), &byte, 1, at);
  }
}

// The kernel maps up to fifteen neighbours with a page of a file, but none of another mapping. So each pair is made one
// for the moment, by a flag that means nothing here. SOURCE: Linux, mm/memory.c, do_fault_around; madvise(2).
std::vector<Mapping> drop_file_pages() {
  MappingTable table;
  UniqueFd pagemap = sys::open_pagemap();
  if (!pagemap || !table.read(kOwnSmaps)) return {};
  std::vector<Mapping> mappings;
  std::copy_if(table.all().begin(), table.all().end(), std::back_inserter(mappings), is_of_file);
  size_t pairs_left = kMostPairsApart;
  for (const Mapping& mapping : mappings) {
    (void)for_each_run(mapping, pagemap, sys::is_of_file, [&](uintptr_t from, size_t bytes) -> Status {
      Status dropped = advise(from, bytes, MADV_DONTNEED);
      for (size_t at = 0; dropped && at < bytes && pairs_left > 0; at += 2 * kPairBytes, pairs_left--)
        dropped = advise(from + at, std::min(kPairBytes, bytes - at), MADV_DONTDUMP);
      return dropped;
    });
  }
  return mappings;
}

void join_pages(const std::vector<Mapping>& mappings) {
  for (const Mapping& mapping : mappings) (void)advise(mapping.start, mapping.bytes(), MADV_DODUMP);
}

}  // namespace forkmap::heap
