#include "snapshot/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "fork/child_window.h"
#include "protocol.h"
#include "snapshot/wire.h"
#include "sys/calls.h"

namespace forkmap::snapshot {
namespace {

// WHY static: sized once for every call, there before the fork, and copied only as far as it is written.
UniqueFd sockets[kMaxLanes];  // of the lanes that this process serves itself; [0] in a lane's own process
pid_t lane_pids[kMaxLanes];
int socket_count = 0;
int lane_count = 0;
pid_t child_pids[kMaxLanes];  // that this process has forked, and not yet waited for
int child_count = 0;

// False where the driver has let go of the lane.
bool answer(int socket, const wire::Answer& answer) {
  return static_cast<bool>(sys::send_packet(socket, &answer, sizeof answer));
}

void drop_socket(int index) {
  sockets[index].reset();
  if (index != --socket_count) sockets[index] = std::move(sockets[socket_count]);
}

void end_lanes_and_leave() {
  for (int i = 0; i < lane_count; i++) ::kill(lane_pids[i], SIGKILL);
  for (int i = 0; i < lane_count; i++) (void)sys::reap(lane_pids[i]);
  leave(0);
}

void forget_child(pid_t pid) {
  for (int i = 0; i < child_count; i++) {
    if (child_pids[i] == pid) child_pids[i--] = child_pids[--child_count];
  }
}

bool is_ours(pid_t pid) {
  auto is_in = [&](const pid_t* pids, int count) { return std::find(pids, pids + count, pid) != pids + count; };
  return is_in(child_pids, child_count) || is_in(lane_pids, lane_count);
}

// What a child had started is this process's when it has died, and ends with it, unless it is detached: in a session of
// its own. WHY again: what that had started comes here in turn.
// FORK-SAFE: system calls, and memory on the stack. SOURCE: PR_SET_CHILD_SUBREAPER(2const), proc_tid_children(5)
void end_orphans() {
  constexpr int kRounds = 16;
  bool has_any = true;
  for (int round = 0; has_any && round < kRounds; round++) {
    has_any = false;
    char text[4096];
    UniqueFd file(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
    auto got = sys::read_some(file.get(), text, sizeof text - 1);
    text[got ? got.value() : 0] = '\0';
    char* at = text;
    for (long next = strtol(at, &at, 10); next > 0; next = strtol(at, &at, 10)) {
      auto pid = static_cast<pid_t>(next);
      if (is_ours(pid) || ::getsid(pid) != ::getsid(0)) continue;
      sys::kill_unreaped(pid);
      (void)sys::reap(pid);
      has_any = true;
    }
  }
}

void redirect_output(uint32_t flags, sys::Packet& packet) {
  if (flags & wire::kIgnoreOutput) {
    silence_output();
  } else if (flags & wire::kCaptureOutput) {
    ::dup2(packet.fds[2].get(), STDOUT_FILENO);
    ::dup2(packet.fds[3].get(), STDERR_FILENO);
  }
}

// INVARIANT: a child closes every socket of its siblings here, or their drivers would never see an end of file.
void close_sockets(ServerPlan& plan) {
  plan.control.reset();
  for (int i = 0; i < socket_count; i++) sockets[i].reset();
  socket_count = 0;
  lane_count = 0;
  child_count = 0;
}

// The kernel leaves out what this process has no room for, and says nothing.
bool has_descriptors(const wire::Request& request, const sys::Packet& packet) {
  size_t count = wire::descriptors_of(request.flags);
  for (size_t i = 0; i < count; i++) {
    if (!packet.fds[i]) return false;
  }
  return true;
}

// True in the child.
bool fork_child(ServerPlan& plan, int index, const wire::Request& request, sys::Packet& packet, Ticket& ticket) {
  if (!has_descriptors(request, packet)) {
    wire::Answer refusal{};
    refusal.error = EMFILE;
    if (!answer(sockets[index].get(), refusal)) drop_socket(index);
    return false;
  }
  pid_t parent = ::getpid();
  int64_t began = sys::now_ns();
  auto forked = sys::fork_process();
  if (forked && forked.value() == 0) {
    follow_parent_or_leave(parent);
    close_sockets(plan);
    redirect_output(request.flags, packet);
    ticket = Ticket{request.lane, request.start, request.end, std::move(packet.fds[0]), {}};
    if (request.flags & wire::kKeepChild) ticket.work = std::move(packet.fds[1]);
    return true;
  }
  wire::Answer forked_answer{};
  forked_answer.pid = forked ? forked.value() : 0;
  forked_answer.error = forked ? 0 : forked.error().number;
  forked_answer.fork_ns = sys::now_ns() - began;
  if (forked && child_count < kMaxLanes) child_pids[child_count++] = forked.value();
  if (answer(sockets[index].get(), forked_answer)) return false;
  if (forked) {
    sys::kill_unreaped(forked.value());  // nobody will ask how it ended
    (void)sys::reap(forked.value());
    forget_child(forked.value());
  }
  drop_socket(index);
  return false;
}

void reap_child(int index, pid_t pid) {
  auto reaped = sys::reap(pid);
  wire::Answer reaped_answer{};
  reaped_answer.pid = pid;
  if (reaped) {
    reaped_answer.status = reaped.value().status;
    reaped_answer.max_rss_kib = reaped.value().max_rss_kib;
    reaped_answer.minor_faults = reaped.value().minor_faults;
    forget_child(pid);
    if (WIFSIGNALED(reaped.value().status)) end_orphans();
  } else {
    reaped_answer.error = reaped.error().number;
  }
  if (!answer(sockets[index].get(), reaped_answer)) drop_socket(index);
}

// Not inherited. Where the kernel refuses, they go where they always went.
void take_in_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

// In the lane's new process only its own socket is left.
void promote(ServerPlan& plan, int index) {
  pid_t parent = ::getpid();
  auto forked = sys::fork_process();
  if (forked && forked.value() == 0) {
    follow_parent_or_leave(parent);
    UniqueFd own = std::move(sockets[index]);
    close_sockets(plan);
    sockets[0] = std::move(own);
    socket_count = 1;
    take_in_orphans();
    return;
  }
  wire::Answer forked_answer{};
  forked_answer.pid = forked ? forked.value() : 0;
  forked_answer.error = forked ? 0 : forked.error().number;
  bool is_heard = answer(sockets[index].get(), forked_answer);
  if (!forked && is_heard) return;  // it goes on being served from here
  if (forked && !is_heard) {
    sys::kill_unreaped(forked.value());  // it has the lane's socket too: while it lives, its driver waits
    (void)sys::reap(forked.value());
  } else if (forked && lane_count < kMaxLanes) {
    lane_pids[lane_count++] = forked.value();
  }
  drop_socket(index);  // while it is open here too, nobody would hear of the lane's death
}

// True when this process is now a child.
bool serve_lane(ServerPlan& plan, int index, Ticket& ticket) {
  wire::Request request;
  auto packet = sys::receive_packet(sockets[index].get(), &request, sizeof request);
  if (!packet || packet.value().bytes != sizeof request) {
    drop_socket(index);  // its driver has let go of it
    return false;
  }
  switch (request.op) {
    case wire::Op::kFork:
      return fork_child(plan, index, request, packet.value(), ticket);
    case wire::Op::kReap:
      reap_child(index, request.start);
      return false;
    case wire::Op::kPromote:
      promote(plan, index);
      return false;
    default:
      return false;
  }
}

void adopt(ServerPlan& plan) {
  wire::Request request;
  auto packet = sys::receive_packet(plan.control.get(), &request, sizeof request);
  if (!packet || packet.value().bytes == 0) end_lanes_and_leave();
  // A socket that is not adopted is closed by this, and its driver sees it.
  if (request.op == wire::Op::kAdopt && socket_count < kMaxLanes && packet.value().fds[0])
    sockets[socket_count++] = std::move(packet.value().fds[0]);
}

void forget_dead_lanes() {
  for (int i = 0; i < lane_count; i++) {
    if (::waitpid(lane_pids[i], nullptr, WNOHANG) > 0) lane_pids[i--] = lane_pids[--lane_count];
  }
}

}  // namespace

Ticket serve_or_leave(ServerPlan& plan) {
  static pollfd polled[kMaxLanes + 1];
  Ticket ticket;
  take_in_orphans();
  for (;;) {
    // In a lane's own process there is no control socket: poll ignores a negative descriptor.
    polled[0] = {plan.control.get(), POLLIN, 0};
    for (int i = 0; i < socket_count; i++) polled[i + 1] = {sockets[i].get(), POLLIN, 0};
    if (!plan.control && socket_count == 0) leave(0);
    auto ready = sys::wait_ready({polled, static_cast<size_t>(socket_count) + 1}, -1);
    if (!ready) leave(1);
    // WHY one at a time: serving a lane may move another into its place, or make this process that lane's own.
    int served = socket_count - 1;
    while (served >= 0 && !polled[served + 1].revents) served--;
    if (served >= 0) {
      if (serve_lane(plan, served, ticket)) return ticket;
    } else if (polled[0].revents) {
      adopt(plan);
    }
    forget_dead_lanes();
  }
}

}  // namespace forkmap::snapshot
