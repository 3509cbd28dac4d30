#include "heap/lean.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "fork/child_window.h"
#include "heap/mappings.h"
#include "sys/calls.h"

namespace forkmap::heap {
namespace {

constexpr size_t kPageBytes = 4096;

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

// A file's own pages, none of which this process has written to.
bool is_file_alone(const Mapping& mapping) {
  return mapping.is_private && mapping.is_file && mapping.is_plain && mapping.anonymous_kib == 0 &&
         mapping.resident_kib > 0;
}

// SOURCE: proc_pid_pagemap(5): bit 63 is a page that is resident, bit 62 one that is swapped out.
bool is_there(uint64_t entry) { return entry >> 62; }

// Copies the pages of a mapping that are there; the rest of the file stays empty, and reads as zeros.
Status copy_pages(const Mapping& mapping, int pagemap, int file, size_t offset) {
  uint64_t entries[2048];
  for (uintptr_t at = mapping.start; at < mapping.end;) {
    size_t wanted = std::min(std::size(entries), (mapping.end - at) / kPageBytes);
    ssize_t got = ::pread(pagemap, entries, wanted * sizeof *entries, static_cast<off_t>(at / kPageBytes * 8));
    if (got <= 0) return SysError{got < 0 ? errno : EIO, "pread"};
    size_t pages = static_cast<size_t>(got) / sizeof *entries;
    for (size_t first = 0, end; first < pages; first = end) {
      end = first;
      while (end < pages && is_there(entries[end]) == is_there(entries[first])) end++;
      if (!is_there(entries[first])) continue;
      uintptr_t from = at + first * kPageBytes;
      Status written = sys::write_at(file, reinterpret_cast<void*>(from), (end - first) * kPageBytes,
                                     offset + (from - mapping.start));
      if (!written) return written;
    }
    at += pages * kPageBytes;
  }
  return Done{};
}

bool may_write(uint64_t bytes) {
  // WHY: beyond it, writing is a signal.
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && (limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur);
}

Result<UniqueFd> copy_all(const std::vector<Mapping>& mappings) {
  size_t file_bytes = 0;
  for (const Mapping& mapping : mappings) file_bytes += mapping.bytes();
  if (!may_write(file_bytes)) return SysError{EFBIG, "getrlimit"};
  UniqueFd pagemap(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  if (!pagemap) return SysError{errno, "open"};
  auto file = sys::make_memory_file(file_bytes);
  if (!file) return file.error();
  size_t offset = 0;
  for (const Mapping& mapping : mappings) {
    Status copied = copy_pages(mapping, pagemap.get(), file.value().get(), offset);
    if (!copied) return copied.error();
    offset += mapping.bytes();
  }
  return file;
}

}  // namespace

void move_to_file_or_leave(uint64_t budget_bytes) {
  std::vector<Mapping> mappings;
  if (!read_mappings(mappings)) return;
  std::erase_if(mappings, [](const Mapping& mapping) { return !is_worth_moving(mapping); });
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

void drop_file_pages() {
  std::vector<Mapping> mappings;
  if (!read_mappings(mappings)) return;
  for (const Mapping& mapping : mappings) {
    if (is_file_alone(mapping)) ::madvise(reinterpret_cast<void*>(mapping.start), mapping.bytes(), MADV_DONTNEED);
  }
}

// A fork copies the entries of a mapping as soon as one page of it is this process's own. So one is made so, by writing
// to it what it has. SOURCE: Linux, mm/memory.c, vma_needs_copy; proc_pid_mem(5): written whatever its protection is.
void inherit_files() {
  std::vector<Mapping> mappings;
  UniqueFd memory(::open("/proc/self/mem", O_RDWR | O_CLOEXEC));
  if (!memory || !read_mappings(mappings)) return;
  for (const Mapping& mapping : mappings) {
    char byte;
    auto at = static_cast<off_t>(mapping.start);
    // WHY no error: a system that forbids it has children ask for these pages, as without it.
    if (is_file_alone(mapping) && ::pread(memory.get(), &byte, 1, at) == 1) (void)!::pwrite(memory.get(), &byte, 1, at);
  }
}

}  // namespace forkmap::heap
