// The pages of this process's memory, and what the kernel says of each. SOURCE: proc_pid_pagemap(5)
#pragma once

#include <unistd.h>

#include <cstdint>
#include <span>

#include "sys/result.h"
#include "sys/unique_fd.h"

namespace forkmap::sys {

// As the kernel has them: 4 KiB, on arm64 maybe 16 or 64. Known from when the addon is loaded.
inline const auto kPageBytes = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
inline constexpr uintptr_t kLeastPageBytes = 4096;

UniqueFd open_pagemap();

// An entry per page, of the pages from an address on. Gives how many there are: at least one.
Result<size_t> read_pagemap(const UniqueFd& pagemap, uintptr_t address, std::span<uint64_t> entries);

inline bool is_resident(uint64_t entry) { return entry >> 63; }
// Resident, or swapped out.
inline bool is_there(uint64_t entry) { return entry >> 62; }
inline bool is_of_file(uint64_t entry) { return is_resident(entry) && (entry >> 61 & 1); }

}  // namespace forkmap::sys
