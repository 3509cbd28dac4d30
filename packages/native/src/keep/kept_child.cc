#include "keep/kept_child.h"

#include <unistd.h>

namespace forkmap::keep {

KeptChild::KeptChild(std::shared_ptr<Call> call, const DriveRequest& request)
    : owner_(::getpid()), opened_call_(call), call_(std::move(call)), request_(request), outcome_(request.chunk) {}

KeptChild::~KeptChild() {
  // WHY: a child inherits this object, and its collector may find it; the process that it stands for is the origin's.
  if (owner_ == ::getpid()) end();
}

void KeptChild::fork() {
  std::lock_guard lock(mutex_);
  lane_ = &call_->acquire();
  is_forked_ = fork_resident(*call_, *lane_, request_, outcome_);
  if (!is_forked_) {
    call_->release(*std::exchange(lane_, nullptr));
    call_.reset();
    return;
  }
  // WHY closed: nothing is read from it; what the child says comes by its socket.
  lane_->pipes.output.reset();
  (void)sys::set_nonblocking(socket());
  memory_ = lane_->memory;
  guarded_ = std::make_shared<Guarded>(outcome_.pid, memory_, request_.limits, &call_->board()->slot(lane_->index));
  guard(guarded_);
}

void KeptChild::end() {
  std::lock_guard lock(mutex_);
  end_held();
}

void KeptChild::abandon() {
  if (auto call = opened_call_.lock()) call->cancel();  // a fork in progress comes back soon
  end();
}

void KeptChild::end_held() {
  if (!lane_) return;
  unguard(guarded_);
  Ending seen = guarded_->ending.load();
  if (outcome_.ending == Ending::kLeft) outcome_.ending = seen;
  end_resident(*call_, *lane_, outcome_);
  call_->release(*std::exchange(lane_, nullptr));
  // WHY now: JavaScript's handle, which keeps this object, is only let go of by the collector.
  guarded_.reset();
  call_.reset();
}

Status KeptChild::send(const Header& header, const void* payload) {
  wake_guard();
  return keep::send(socket(), header, payload);
}

void KeptChild::kill(Ending ending) {
  if (!lane_) return;
  if (outcome_.ending == Ending::kLeft) outcome_.ending = ending;
  sys::kill_process(lane_->pipes.process.get(), outcome_.pid);
}

}  // namespace forkmap::keep
