#include "drive/drive.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>

#include "drive/proc.h"
#include "fork/fork_lock.h"
#include "protocol.h"
#include "snapshot/wire.h"

namespace forkmap {
namespace {

constexpr int kMaxForkAttempts = 3;
constexpr int64_t kLookEveryMs = 50;

Result<wire::Answer> hear(Lane& lane, Patience& patience) {
  Status spoke = patience.await(lane.socket.get(), POLLIN);
  if (!spoke) return spoke.error();
  wire::Answer answer;
  auto packet = sys::receive_packet(lane.socket.get(), &answer, sizeof answer);
  if (!packet) return packet.error();
  if (packet.value().bytes != sizeof answer) return SysError{EPIPE, "recvmsg"};
  return answer;
}

Result<wire::Answer> ask(Lane& lane, const wire::Request& request, Patience& patience) {
  for (;;) {
    Status sent = sys::send_packet(lane.socket.get(), &request, sizeof request);
    if (sent) return hear(lane, patience);
    if (sent.error().number != EAGAIN) return sent.error();
    Status writable = patience.await(lane.socket.get(), POLLOUT);
    if (!writable) return writable.error();
  }
}

class LaneChild : public Reaper {
 public:
  LaneChild(Lane& lane, Patience& patience) : lane_(lane), patience_(patience) {}
  Result<sys::Exit> reap(pid_t pid) override {
    if (!lane_.socket) return SysError{EPIPE, "wait4"};
    auto answer = ask(lane_, {wire::Op::kReap, 0, lane_.index, pid, 0}, patience_);
    if (!answer) {
      lane_.socket.reset();
      return answer.error();
    }
    if (answer.value().error) return SysError{answer.value().error, "wait4"};
    return sys::Exit{answer.value().status, answer.value().max_rss_kib, answer.value().minor_faults};
  }

 private:
  Lane& lane_;
  Patience& patience_;
};

class Held {
 public:
  Held(Call& call) : call_(call), lane_(call.acquire()) {}
  ~Held() { call_.release(lane_); }
  Held(const Held&) = delete;
  Lane& operator*() { return lane_; }

 private:
  Call& call_;
  Lane& lane_;
};

// The other end of a lane's or the call's socket is gone.
bool is_hangup(const SysError& error) {
  bool is_of_socket = !strcmp(error.call, "sendmsg") || !strcmp(error.call, "recvmsg");
  return is_of_socket && (error.number == EPIPE || error.number == ECONNRESET);
}

// How an attempt to have a child forked went.
enum class Attempt { kForked, kRefused, kLaneGone };

Attempt refused(Outcome& outcome, SysError error, Ending ending = Ending::kNotForked) {
  outcome.ending = error.number == ECANCELED ? Ending::kAborted : ending;
  outcome.error = error;
  return Attempt::kRefused;
}

// The process at the other end of the lane's socket is gone, or is not waited for any longer.
Attempt lane_gone(Lane& lane, Outcome& outcome, SysError error) {
  lane.socket.reset();
  refused(outcome, error, Ending::kSnapshotGone);
  return outcome.ending == Ending::kAborted ? Attempt::kRefused : Attempt::kLaneGone;
}

Status open_pipe(UniqueFd& near, UniqueFd& far) {
  auto pipe = sys::make_pipe();
  if (!pipe) return pipe.error();
  Status set = sys::set_nonblocking(pipe.value().read.get());
  if (!set) return set;
  sys::widen_pipe(pipe.value().write.get());
  near = std::move(pipe.value().read);
  far = std::move(pipe.value().write);
  return Done{};
}

// Opens the pipes and hands their far ends to the lane, with the request to fork.
// INVARIANT: far ends are open here only under the fork lock. Nothing waits under it: the lane has nothing unheard.
Status send_fork(Lane& lane, const DriveRequest& request) {
  UniqueFd far[sys::kMaxPacketFds];
  wire::Request fork{wire::Op::kFork, request.output_flags, lane.index, request.chunk.start, request.chunk.end};
  if (request.should_keep) fork.flags |= wire::kKeepChild;
  bool should_capture = request.output_flags & wire::kCaptureOutput;
  fork_lock::Shared lock;
  lane.pipes = {};
  Status opened = open_pipe(lane.pipes.output, far[0]);
  if (opened && should_capture) opened = open_pipe(lane.pipes.captured_out, far[2]);
  if (opened && should_capture) opened = open_pipe(lane.pipes.captured_err, far[3]);
  if (!opened) return opened;
  if (request.should_keep) {
    auto pair = sys::make_socket_pair();
    if (!pair) return pair.error();
    lane.pipes.work = std::move(pair.value().read);
    far[1] = std::move(pair.value().write);
  }
  // WHY standard error in an empty place: descriptors travel by position, and a packet has no gaps.
  int fds[sys::kMaxPacketFds];
  size_t count = wire::descriptors_of(fork.flags);
  for (size_t i = 0; i < count; i++) fds[i] = far[i] ? far[i].get() : STDERR_FILENO;
  return sys::send_packet(lane.socket.get(), &fork, sizeof fork, {fds, count});
}

// The lane died when it had been asked to fork. Its child, if there was one, follows it: what that child wrote, and how
// far it came, counts. Gives whether it had begun anything.
bool had_begun(Call& call, Lane& lane, const Chunk& chunk, Outcome& outcome, Patience& patience) {
  while (outcome.frames.state() == FrameReader::State::kOpen && patience.await(lane.pipes.output.get(), POLLIN)) {
    auto got = outcome.frames.read_from(lane.pipes.output.get());
    if (got ? got.value() == 0 : got.error().number != EAGAIN) break;
  }
  volatile const BoardSlot& slot = call.board()->slot(lane.index);
  return slot.begun > chunk.start || outcome.frames.whole_bytes() > 0;
}

Attempt connect_lane(Call& call, Lane& lane, bool should_promote, Outcome& outcome, Patience& patience) {
  if (!lane.socket) {
    Status connected = call.connect(lane, patience);
    bool is_gone = !connected && is_hangup(connected.error());
    if (!connected) return refused(outcome, connected.error(), is_gone ? Ending::kSnapshotGone : Ending::kNotForked);
  }
  if (should_promote && !lane.is_promoted) {
    auto answer = ask(lane, {wire::Op::kPromote, 0, lane.index, 0, 0}, patience);
    if (!answer) return lane_gone(lane, outcome, answer.error());
    // WHY not an error: a lane that could not get a process of its own is still served by the snapshot.
    lane.is_promoted = answer.value().error == 0;
  }
  return Attempt::kForked;
}

Attempt fork_once(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome, Patience& patience) {
  Attempt connected = connect_lane(call, lane, request.should_promote, outcome, patience);
  if (connected != Attempt::kForked) return connected;
  Status sent = send_fork(lane, request);
  if (!sent) {
    if (is_hangup(sent.error())) return lane_gone(lane, outcome, sent.error());
    return refused(outcome, sent.error());
  }
  auto answer = hear(lane, patience);
  if (!answer) {
    Attempt gone = lane_gone(lane, outcome, answer.error());
    if (gone == Attempt::kLaneGone && had_begun(call, lane, request.chunk, outcome, patience)) {
      outcome.pid = call.board()->slot(lane.index).pid;
      return Attempt::kForked;
    }
    return gone;
  }
  if (answer.value().error) return refused(outcome, {answer.value().error, "fork"});
  outcome.pid = answer.value().pid;
  outcome.fork_ns = answer.value().fork_ns;
  return Attempt::kForked;
}

bool fork_in_lane(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome, Patience& patience) {
  for (int attempt = 1;; attempt++) {
    Attempt went = fork_once(call, lane, request, outcome, patience);
    if (went == Attempt::kForked) {
      outcome.ending = Ending::kLeft;
      lane.pipes.process = lane.socket ? sys::open_process(outcome.pid) : UniqueFd();
      return true;
    }
    // WHY again: a lane that died before it forked has executed nothing, and the snapshot can serve in its place.
    if (went == Attempt::kRefused || attempt == kMaxForkAttempts) return false;
  }
}

void clear_slot(volatile BoardSlot& slot, const Chunk& chunk) {
  slot.first = chunk.start;
  slot.begun = chunk.start;
  slot.done = chunk.start;
  slot.reason = 0;
  slot.exit_code = 0;
  slot.pending = 0;
  slot.bytes = 0;
  slot.spilled = 0;
  slot.run_kind = 0;
  slot.limit = chunk.end;
  slot.claimed = chunk.start;
  slot.awaited = 0;
  slot.vain = 0;
  slot.work_ms = 0;
  slot.began_ms = 0;
  slot.encode_ms = 0;
  slot.send_ms = 0;
}

// A kept child is told of its next chunk; false when there is none, it does not hear, or it may not go on.
bool wake_kept_child(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome, Patience& patience) {
  if (lane.kept_pid == 0) return false;
  bool is_dismissed = !lane.pipes.work;
  if (is_dismissed) {
    end_kept_child(lane, patience, call.is_cancelled());
    return false;
  }
  // WHY now: what its earlier chunks have left over the limit must not be laid to an item that has yet to begin.
  if (request.limits.memory_bytes && lane.memory.exceeds(request.limits.memory_bytes)) {
    end_kept_child(lane, patience, call.is_cancelled());
    return false;
  }
  wire::Request work{wire::Op::kWork, 0, lane.index, request.chunk.start, request.chunk.end};
  if (!sys::send_packet(lane.pipes.work.get(), &work, sizeof work)) {
    end_kept_child(lane, patience, call.is_cancelled());
    return false;
  }
  outcome.pid = lane.kept_pid;
  return true;
}

// Whether a kept child is over one of its bounds, now that it has run a chunk.
bool has_outlived(Lane& lane, const LifeBounds& bounds, const Outcome& outcome) {
  int64_t lived_ns = sys::now_ns() - lane.life.began_ns;
  if (lane.life.birth_ns == 0)
    lane.life.birth_ns = std::max<int64_t>(1, lived_ns - static_cast<int64_t>(outcome.work_ms * 1e6));
  if (bounds.births && lived_ns >= bounds.births * lane.life.birth_ns) return true;
  return bounds.bytes && lane.memory.exceeds(bounds.bytes);
}

// After a chunk: the child lives on for the next one, leaves while its results are taken in, or its pipes are closed.
void settle_lane(Lane& lane, const DriveRequest& request, const Outcome& outcome) {
  bool is_alive = outcome.pid > 0 && !outcome.is_reaped && lane.socket;
  lane.kept_pid = is_alive ? outcome.pid : 0;
  if (!is_alive) {
    lane.pipes = {};
  } else if (has_outlived(lane, request.keep, outcome)) {
    dismiss_kept_child(lane);
  }
}

// What children share with the snapshot: private memory is counted from there.
uint64_t inherited_anon_bytes(const Call& call) {
  auto usage = proc::usage(call.snapshot_pid());
  return usage ? usage->anon_bytes : 0;
}

void fork_and_supervise(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome) {
  volatile BoardSlot& slot = call.board()->slot(lane.index);
  Patience patience(call.cancel_fd(), call.snapshot_pid(), request.is_stopping, request.stopping_data);
  clear_slot(slot, request.chunk);
  outcome.forked_ns = sys::now_ns();
  if (!wake_kept_child(call, lane, request, outcome, patience)) {
    if (!fork_in_lane(call, lane, request, outcome, patience)) return;
    bool is_measured = request.limits.memory_bytes || request.keep.bytes;
    lane.memory = PrivateMemory(outcome.pid, is_measured ? inherited_anon_bytes(call) : 0);
    lane.life = {outcome.forked_ns, 0};
  }
  slot.pid = outcome.pid;
  LaneChild reaper(lane, patience);
  Supervision plan{};
  plan.lines = {lane.pipes.output.get(), call.cancel_fd(), lane.pipes.process.get(), lane.pipes.captured_out.get(),
                lane.pipes.captured_err.get()};
  plan.limits = request.limits;
  plan.memory = &lane.memory;
  plan.slot = &slot;
  plan.spill = call.board()->spill(lane.index);
  plan.reaper = &reaper;
  plan.is_kept = request.should_keep;
  plan.is_stopping = request.is_stopping;
  plan.stopping_data = request.stopping_data;
  supervise(plan, outcome);
  slot.pid = 0;
}

// Until the child has left; no longer than it is given.
void await_leave(const Lane& lane, const std::atomic<bool>& is_cancelled) {
  int64_t give_up_ns = sys::now_ns() + int64_t{kLeavesWithinMs} * 1'000'000;
  while (!is_cancelled && sys::now_ns() < give_up_ns) {
    // Its end shows by the one or, where the kernel has no such descriptors, by the end of the other.
    pollfd fds[] = {{lane.pipes.process.get(), POLLIN, 0}, {lane.pipes.output.get(), 0, 0}};
    auto ready = sys::wait_ready(fds, kLookEveryMs);
    if (!ready || fds[0].revents || fds[1].revents) return;
  }
}

}  // namespace

Outcome drive(Call& call, const DriveRequest& request) {
  Outcome outcome(request.chunk);
  Held lane(call);
  outcome.lane = (*lane).index;
  fork_and_supervise(call, *lane, request, outcome);
  settle_lane(*lane, request, outcome);
  return outcome;
}

void dismiss_kept_child(Lane& lane) {
  // WHY not closed alone: this way it hears of it whoever else has the socket.
  if (lane.pipes.work) ::shutdown(lane.pipes.work.get(), SHUT_RDWR);
  lane.pipes.work.reset();
}

bool fork_resident(Call& call, Lane& lane, const DriveRequest& request, Outcome& outcome) {
  volatile BoardSlot& slot = call.board()->slot(lane.index);
  Patience patience(call.cancel_fd(), call.snapshot_pid(), request.is_stopping, request.stopping_data);
  clear_slot(slot, request.chunk);
  outcome.forked_ns = sys::now_ns();
  outcome.lane = lane.index;
  if (!fork_in_lane(call, lane, request, outcome, patience)) {
    lane.pipes = {};
    return false;
  }
  lane.memory = PrivateMemory(outcome.pid, request.limits.memory_bytes ? inherited_anon_bytes(call) : 0);
  slot.pid = outcome.pid;
  return true;
}

void end_resident(Call& call, Lane& lane, Outcome& outcome) {
  volatile BoardSlot& slot = call.board()->slot(lane.index);
  Patience patience(call.cancel_fd(), call.snapshot_pid(), nullptr, nullptr);
  if (outcome.ending == Ending::kLeft && !proc::is_exiting(outcome.pid)) outcome.ending = Ending::kOutputClosed;
  sys::kill_process(lane.pipes.process.get(), outcome.pid);
  auto exit = LaneChild(lane, patience).reap(outcome.pid);
  if (exit) {
    outcome.is_reaped = true;
    outcome.exit = exit.value();
  } else {
    outcome.error = exit.error();
  }
  outcome.begun = slot.begun;
  outcome.done = slot.done;
  outcome.reason = static_cast<LeaveReason>(slot.reason);
  outcome.exit_code = slot.exit_code;
  outcome.peak_private_bytes = lane.memory.peak_bytes();
  outcome.ended_ns = sys::now_ns();
  slot.pid = 0;
  lane.pipes = {};
}

void end_kept_child(Lane& lane, Patience& patience, const std::atomic<bool>& is_cancelled) {
  if (lane.kept_pid == 0) return;
  dismiss_kept_child(lane);
  await_leave(lane, is_cancelled);
  sys::kill_process(lane.pipes.process.get(), lane.kept_pid);
  (void)LaneChild(lane, patience).reap(lane.kept_pid);
  lane.kept_pid = 0;
  lane.pipes = {};
}

}  // namespace forkmap
