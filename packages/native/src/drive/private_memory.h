// How much memory a child has of its own: what it does not share with the process that it was forked from.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace forkmap {

class PrivateMemory {
 public:
  PrivateMemory() = default;
  // `inherited_anon_bytes`: of the process that it was forked from.
  PrivateMemory(pid_t pid, uint64_t inherited_anon_bytes) : pid_(pid), known_anon_bytes_(inherited_anon_bytes) {}

  // Looks. False too where there is no such process any more.
  bool exceeds(uint64_t bytes);
  // The most that was seen.
  uint64_t peak_bytes() const { return peak_bytes_; }

 private:
  pid_t pid_ = 0;
  uint64_t known_bytes_ = 0;       // when it was last counted, page by page, at…
  uint64_t known_anon_bytes_ = 0;  // …this much anonymous memory
  uint64_t known_faults_ = 0;      // …and so many page faults: a new process begins with none
  uint64_t peak_bytes_ = 0;
};

}  // namespace forkmap
