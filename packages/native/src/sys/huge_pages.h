// Shared memory in huge pages, where the kernel gives them: a process asks for 2 MiB of it at a time, not for 4 KiB,
// and its end lets go of as much at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sys/result.h"

namespace forkmap::sys {

inline constexpr size_t kHugePageBytes = 2 * 1024 * 1024;  // SOURCE: x86-64, and arm64 with pages of 4 KiB

inline constexpr uintptr_t round_up_to_huge_page(uintptr_t address) {
  return (address + kHugePageBytes - 1) & ~(kHugePageBytes - 1);
}

// As map_shared, where huge pages can be made of it: it begins at a multiple of one, unless another thread was quicker.
Result<void*> map_for_huge_pages(size_t bytes, int file = -1);

// Makes huge pages of shared memory of which nothing was used yet, from its beginning on. Gives how many bytes: fewer
// where the kernel has no more of them, or where going on would likely take longer than until `due_ns`.
size_t take_huge_pages(void* memory, size_t bytes, int64_t due_ns);

// As map_for_huge_pages, but taken now: in huge pages, as far as it consists of whole ones, as the kernel has them, and
// as that takes no longer than page by page. The rest is taken when it is used.
Result<void*> take_shared(size_t bytes);

}  // namespace forkmap::sys
