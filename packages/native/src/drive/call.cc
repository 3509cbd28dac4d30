#include "drive/call.h"

#include <errno.h>

#include <algorithm>
#include <unordered_map>

#include "drive/drive.h"
#include "fork/fork_lock.h"
#include "snapshot/wire.h"

namespace forkmap {
namespace {

constexpr int kSnapshotLeavesWithinMs = 500;

struct Registry {
  std::mutex mutex;
  std::unordered_map<uint32_t, std::weak_ptr<Call>> calls;
  uint32_t last_id = 0;
};
Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

Result<std::shared_ptr<Call>> Call::open(std::shared_ptr<Board> board) {
  std::shared_ptr<Call> call(new Call);
  int lanes = board->lanes();
  call->board_ = std::move(board);
  auto event = sys::make_event();
  if (!event) return event.error();
  call->cancel_ = event.take();
  auto pair = sys::make_socket_pair();
  if (!pair) return pair.error();
  call->control_ = std::move(pair.value().read);
  call->far_control_ = std::move(pair.value().write);
  call->lanes_.resize(static_cast<size_t>(lanes));
  for (int i = 0; i < lanes; i++) call->lanes_[static_cast<size_t>(i)].index = i;

  std::lock_guard lock(registry().mutex);
  call->id_ = ++registry().last_id;
  registry().calls[call->id_] = call;
  return call;
}

std::shared_ptr<Call> Call::find(uint32_t id) {
  std::lock_guard lock(registry().mutex);
  auto found = registry().calls.find(id);
  return found == registry().calls.end() ? nullptr : found->second.lock();
}

void Call::cancel() {
  is_cancelled_ = true;
  wake_drivers();
}

void Call::wake_drivers() {
  uint64_t one = 1;
  // WHY again: nothing else would end the children.
  for (int attempt = 0; attempt < 3 && !sys::write_all(cancel_.get(), &one, sizeof one); attempt++) {
  }
}

Lane& Call::acquire() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // WHY from the first: a lane with a kept child, or a process of its own, is used again before a new one is begun.
    for (Lane& lane : lanes_) {
      if (lane.is_busy) continue;
      lane.is_busy = true;
      return lane;
    }
    freed_.wait(lock);
  }
}

void Call::release(Lane& lane) {
  {
    std::lock_guard lock(mutex_);
    lane.is_busy = false;
  }
  freed_.notify_all();
}

Status Call::connect(Lane& lane, Patience& patience) {
  auto pair = sys::make_socket_pair();
  if (!pair) return pair.error();
  wire::Request adopt{wire::Op::kAdopt, 0, lane.index, 0, 0};
  int far = pair.value().write.get();
  for (;;) {
    Status sent = sys::send_packet(control_.get(), &adopt, sizeof adopt, {&far, 1});
    if (sent) break;
    if (sent.error().number != EAGAIN) return sent.error();
    Status writable = patience.await(control_.get(), POLLOUT);
    if (!writable) return writable.error();
  }
  lane.socket = std::move(pair.value().read);
  lane.is_promoted = false;
  return Done{};
}

// WHY: a driver's thread may have been ended from outside, and its JavaScript be gone, before the thread itself is.
void Call::await_drivers() {
  wake_drivers();
  std::unique_lock lock(mutex_);
  freed_.wait(lock,
              [this] { return std::none_of(lanes_.begin(), lanes_.end(), [](Lane& lane) { return lane.is_busy; }); });
}

// Its control socket is closed: it ends its lanes and leaves, unless it is stopped.
void Call::end_snapshot() {
  if (snapshot_pid_ <= 0) return;
  UniqueFd process = sys::open_process(snapshot_pid_);
  pollfd ended{process.get(), POLLIN, 0};
  int64_t give_up_ns = sys::now_ns() + int64_t{kSnapshotLeavesWithinMs} * 1'000'000;
  while (process && !ended.revents && sys::now_ns() < give_up_ns) {
    if (!sys::wait_ready({&ended, 1}, kSnapshotLeavesWithinMs)) break;
  }
  // Its lanes and children follow its death.
  if (!ended.revents) sys::kill_unreaped(snapshot_pid_);
  (void)sys::reap(snapshot_pid_);
  snapshot_pid_ = 0;
}

void Call::close() {
  if (std::exchange(is_closed_, true)) return;
  await_drivers();
  Patience patience(cancel_.get(), 0, nullptr, nullptr);
  // WHY all first: they leave side by side.
  for (Lane& lane : lanes_) dismiss_kept_child(lane);
  for (Lane& lane : lanes_) end_kept_child(lane, patience, is_cancelled_);
  for (Lane& lane : lanes_) lane.socket.reset();
  control_.reset();
  far_control_.reset();
  end_snapshot();
  std::lock_guard lock(registry().mutex);
  registry().calls.erase(id_);
}

}  // namespace forkmap
