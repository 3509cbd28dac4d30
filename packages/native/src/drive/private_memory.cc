#include "drive/private_memory.h"

#include <algorithm>

#include "drive/proc.h"
#include "sys/pages.h"

namespace forkmap {

bool PrivateMemory::exceeds(uint64_t bytes) {
  auto usage = proc::usage(pid_);
  if (!usage) return false;
  // WHY this first: it costs microseconds and bounds private memory from above; every private page is a new page, or
  // one that a write fault has copied.
  uint64_t grown = usage->anon_bytes > known_anon_bytes_ ? usage->anon_bytes - known_anon_bytes_ : 0;
  uint64_t copied = (usage->minor_faults - known_faults_) * sys::kPageBytes;
  if (known_bytes_ + grown + copied <= bytes) {
    peak_bytes_ = std::max(peak_bytes_, known_bytes_ + grown);
    return false;
  }
  auto counted = proc::private_bytes(pid_);
  if (!counted) return false;
  known_bytes_ = *counted;
  known_anon_bytes_ = usage->anon_bytes;
  known_faults_ = usage->minor_faults;
  peak_bytes_ = std::max(peak_bytes_, known_bytes_);
  return known_bytes_ > bytes;
}

}  // namespace forkmap
