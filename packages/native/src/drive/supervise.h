// From the moment a child is forked until it is reaped: reads its frames, watches it, ends it if it must end.
// One piece of code for children of the origin (forkMap) and of a lane (parMap).
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "drive/watch.h"
#include "frame/reader.h"
#include "protocol.h"
#include "sys/calls.h"

namespace forkmap {

struct Chunk {
  int32_t start;
  int32_t end;
  uint64_t max_payload_bytes;
};

// The descriptors by which the driver hears of the child. Not owned.
struct Lines {
  int output;        // result pipe, non-blocking
  int cancel;        // readable when the caller has cancelled
  int process = -1;  // the child itself; readable when it has ended
  int captured_out = -1;
  int captured_err = -1;
};

struct Outcome {
  explicit Outcome(const Chunk& chunk) : frames(chunk.start, chunk.end, chunk.max_payload_bytes) {}

  FrameReader frames;
  Ending ending = Ending::kLeft;
  SysError error;  // of the call that failed, where one did
  pid_t pid = 0;
  bool is_reaped = false;
  sys::Exit exit;     // where reaped
  int32_t begun = 0;  // items [start, begun) had begun
  int32_t done = 0;
  LeaveReason reason = LeaveReason::kNone;
  int32_t exit_code = 0;
  uint64_t peak_private_bytes = 0;
  int lane = 0;
  double work_ms = 0;   // as the child measured it; 0 when it did not come to that
  double began_ms = 0;  // see BoardSlot
  double encode_ms = 0;
  double send_ms = 0;
  int64_t forked_ns = 0;  // CLOCK_MONOTONIC
  int64_t fork_ns = 0;    // what the fork took
  int64_t ended_ns = 0;
  std::string captured_out;
  std::string captured_err;
  int32_t run_kind = 0;  // see BoardSlot
  int32_t run_first = 0;
  bool has_awaited = false;      // an item was a promise
  int32_t spilled = 0;           // results that the child had noted, but not sent…
  std::unique_ptr<Spill> spill;  // …and the notes; only of a child that died
};

// How a child is waited for: by us, or by the lane whose child it is.
class Reaper {
 public:
  virtual ~Reaper() = default;
  virtual Result<sys::Exit> reap(pid_t pid) = 0;
};

class OwnChild : public Reaper {
 public:
  Result<sys::Exit> reap(pid_t pid) override { return sys::reap(pid); }
};

struct Supervision {
  Lines lines;
  Limits limits;
  PrivateMemory* memory;
  volatile BoardSlot* slot;
  const Spill* spill = nullptr;
  Reaper* reaper;
  bool is_kept = false;                  // the child lives on after a whole chunk
  bool (*is_stopping)(void*) = nullptr;  // asked now and then: must this thread give up?
  void* stopping_data = nullptr;
};

// `outcome.pid` is the child. Afterwards it is reaped, unless it is kept and its chunk is whole.
void supervise(const Supervision& plan, Outcome& outcome);

}  // namespace forkmap
