// What the origin and the driver threads share of one parMap: the snapshot, the lanes, and how to stop them all.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "board.h"
#include "drive/patience.h"
#include "drive/private_memory.h"
#include "sys/unique_fd.h"

namespace forkmap {

// The driver's ends of what a child writes to and hears from.
struct Pipes {
  UniqueFd output;
  UniqueFd process;  // the child itself
  UniqueFd work;     // to a kept child
  UniqueFd captured_out;
  UniqueFd captured_err;
};

// How long a child has lived, and what it took until its first items ran.
struct Life {
  int64_t began_ns = 0;
  int64_t birth_ns = 0;  // known once it has run a chunk
};

// One slot of concurrency. Held by one driver at a time.
struct Lane {
  int index = 0;
  bool is_busy = false;
  bool is_promoted = false;  // served by a process of its own
  UniqueFd socket;           // to the snapshot, or to the lane's own process; empty until first used
  pid_t kept_pid = 0;        // the child that lives on between chunks (isolation 'lane'), 0 when none
  Pipes pipes;               // of the child at work, or kept
  PrivateMemory memory;      // likewise
  Life life;                 // likewise
};

class Call {
 public:
  // A lane per slot of the board.
  static Result<std::shared_ptr<Call>> open(std::shared_ptr<Board> board);

  // By id, for drivers on other threads. Null when it is closed.
  static std::shared_ptr<Call> find(uint32_t id);

  uint32_t id() const { return id_; }
  int lanes() const { return static_cast<int>(lanes_.size()); }
  const std::shared_ptr<Board>& board() const { return board_; }
  int cancel_fd() const { return cancel_.get(); }
  // Ends the children: their drivers return, and kept ones are killed at the end.
  void cancel();
  const std::atomic<bool>& is_cancelled() const { return is_cancelled_; }

  UniqueFd take_far_control() { return std::move(far_control_); }
  void snapshot_forked(pid_t pid) { snapshot_pid_ = pid; }
  pid_t snapshot_pid() const { return snapshot_pid_; }

  Lane& acquire();  // waits until one is free
  void release(Lane& lane);
  Status connect(Lane& lane, Patience& patience);  // to the snapshot; afterwards it has a socket

  // Ends kept children, lanes and snapshot, and reaps. Blocks for some milliseconds; longer where a driver is still at
  // work, which gives up soon, where the snapshot is stopped, which is then killed, or where a kept child has something
  // left to do, which it is given kLeavesWithinMs for unless the call was cancelled. Again: does nothing.
  void close();

 private:
  Call() = default;
  void wake_drivers();
  void await_drivers();
  void end_snapshot();

  uint32_t id_ = 0;
  std::shared_ptr<Board> board_;
  UniqueFd cancel_;
  std::atomic<bool> is_cancelled_ = false;
  UniqueFd control_;      // to the snapshot; its end of file ends the call there
  UniqueFd far_control_;  // the snapshot's end, until it is forked
  pid_t snapshot_pid_ = 0;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Lane> lanes_;
  bool is_closed_ = false;
};

}  // namespace forkmap
