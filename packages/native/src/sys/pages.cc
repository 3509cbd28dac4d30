#include "sys/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

namespace forkmap::sys {

UniqueFd open_pagemap() { return UniqueFd(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)); }

Result<size_t> read_pagemap(const UniqueFd& pagemap, uintptr_t address, std::span<uint64_t> entries) {
  auto at = static_cast<off_t>(address / kPageBytes * sizeof(uint64_t));
  ssize_t got = ::pread(pagemap.get(), entries.data(), entries.size_bytes(), at);
  if (got < static_cast<ssize_t>(sizeof(uint64_t))) return SysError{got < 0 ? errno : EIO, "pread"};
  return static_cast<size_t>(got) / sizeof(uint64_t);
}

}  // namespace forkmap::sys
