// What drivers and fork servers say to each other, one SOCK_SEQPACKET packet each.
//
//   driver → snapshot, on the call's control socket:  Adopt + the far end of a lane's own socket     (no answer)
//   driver → snapshot or lane, on the lane's socket:  Promote                                        Forked
//                                                     Fork + what the child writes to                Forked
//                                                     Reap                                           Reaped
//   driver → child kept for a lane, on its own socket: Work                                          (frames)
#pragma once

#include <cstddef>
#include <cstdint>

namespace forkmap::wire {

enum class Op : uint32_t {
  kAdopt = 1,    // serve this lane's socket
  kPromote = 2,  // fork a server of its own for this lane, so that lanes fork side by side
  kFork = 3,     // fork a child for a chunk
  kReap = 4,     // wait for that child, and say how it ended
  kWork = 5,     // the next chunk, for a child that is kept
};

enum Flags : uint32_t {
  kKeepChild = 1,      // the child takes further chunks from its own socket (isolation 'lane')
  kIgnoreOutput = 2,   // standard output and error to nowhere
  kCaptureOutput = 4,  // …or to the two descriptors that came along
};

// How many descriptors come with a request to fork, by position: result pipe, work socket, standard output and error.
inline constexpr size_t descriptors_of(uint32_t flags) {
  return flags & kCaptureOutput ? 4 : flags & kKeepChild ? 2 : 1;
}

struct Request {
  Op op;
  uint32_t flags;
  int32_t lane;
  int32_t start;
  int32_t end;
};

struct Answer {
  int32_t pid;     // Forked, Reaped
  int32_t error;   // errno of fork or wait, 0 when it went well
  int32_t status;  // Reaped: as waitpid gives it
  int32_t reserved;
  int64_t max_rss_kib;
  int64_t minor_faults;
  int64_t fork_ns;  // Forked: what the fork took
};

}  // namespace forkmap::wire
