// A child that is kept, as the origin has it: its lane, the socket by which both talk, and how it ended.
#pragma once

#include <memory>
#include <mutex>

#include "drive/drive.h"
#include "keep/guard.h"
#include "keep/message.h"

namespace forkmap::keep {

class KeptChild {
 public:
  KeptChild(std::shared_ptr<Call> call, const DriveRequest& request);
  // Ends it where `end` has not. Does nothing in a process that has not made it.
  ~KeptChild();
  KeptChild(const KeptChild&) = delete;

  // Both block, on any thread. `end` again, or where nothing was forked, does nothing.
  void fork();
  void end();
  // As `end`, also where it is being forked.
  void abandon();

  bool is_forked() const { return is_forked_; }
  int socket() const { return lane_->pipes.work.get(); }
  // As read ends, which the caller closes: what it writes to standard output and error, where that is captured.
  UniqueFd take_captured_out() { return std::move(lane_->pipes.captured_out); }
  UniqueFd take_captured_err() { return std::move(lane_->pipes.captured_err); }
  Status send(const Header& header, const void* payload);
  // Ends it at once. The first `ending` given is what its outcome says.
  void kill(Ending ending);
  bool exceeds_memory() { return request_.limits.memory_bytes && memory_.exceeds(request_.limits.memory_bytes); }
  // What an attempt to fork came to, or how it has ended.
  const Outcome& outcome() const { return outcome_; }
  uint64_t max_payload_bytes() const { return request_.chunk.max_payload_bytes; }

 private:
  void end_held();

  pid_t owner_;
  std::mutex mutex_;                       // held while it is forked or ended
  const std::weak_ptr<Call> opened_call_;  // for `abandon`, which may come while all else is held
  std::shared_ptr<Call> call_;
  DriveRequest request_;
  Outcome outcome_;
  Lane* lane_ = nullptr;
  PrivateMemory memory_;
  std::shared_ptr<Guarded> guarded_;
  bool is_forked_ = false;
};

}  // namespace forkmap::keep
