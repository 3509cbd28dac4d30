// The seam for fault injection. In an ordinary build it is nothing at all; in the test build (FORKMAP_FAULTS) a test
// plans that the nth call of a kind fails with an errno, in this process and in all that are forked from it.
#pragma once

#include <cstdint>

namespace forkmap::fault {

enum class Call : int32_t {
  kPipe,
  kSocketpair,
  kEventfd,
  kMmap,
  kFork,
  kWait,
  kRead,
  kWrite,
  kPoll,
  kSend,
  kReceive,
  kOpen,
  kMadvise,
  kMemfd,
  kPidfdSignal,
  kCount
};

#ifdef FORKMAP_FAULTS
void plan(Call call, int nth, int error_number);  // nth: 1 is the next one; process-wide
void clear();
int due(Call call);  // the errno to fail with, or 0
const char* name(Call call);
#else
inline constexpr int due(Call) { return 0; }
#endif

}  // namespace forkmap::fault
