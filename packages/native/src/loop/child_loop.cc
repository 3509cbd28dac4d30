#include "loop/child_loop.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol.h"

namespace forkmap::child_loop {
namespace {

// SOURCE: libuv 1.45 to 1.52, src/queue.h: two pointers, to the next and the one before; both to itself when it is
// empty.
template <class Queue>
void make_empty(Queue* queue) {
  static_assert(sizeof(Queue) == 2 * sizeof(void*));
  void* both[] = {queue, queue};
  memcpy(static_cast<void*>(queue), both, sizeof both);
}

// Whether two descriptors share one open file description. SOURCE: kcmp(2), KCMP_FILE. False where that is not allowed.
bool is_same_file(int one, int other) {
  constexpr int kCompareFiles = 0;
  pid_t own = ::getpid();
  return ::syscall(SYS_kcmp, own, own, kCompareFiles, one, other) == 0;
}

bool is_stream(uv_handle_type type) { return type == UV_TCP || type == UV_NAMED_PIPE || type == UV_TTY; }

void forget_writes(uv_stream_t* stream) {
  make_empty(&stream->write_queue);
  make_empty(&stream->write_completed_queue);
  stream->write_queue_size = 0;
  stream->connect_req = nullptr;
  stream->shutdown_req = nullptr;
}

// WHY: uv_loop_fork leaves out watchers that were about to be changed (a socket whose buffer has just become full),
// takes them for registered with the new epoll, and aborts. SOURCE: libuv 1.46 to 1.52, src/unix/loop.c, uv_loop_fork.
void forget_registrations(uv_loop_t* loop) {
  for (unsigned i = 0; i < loop->nwatchers; i++) {
    auto* watcher = static_cast<uv__io_t*>(loop->watchers[i]);
    if (watcher) watcher->events = 0;
  }
}

struct Seen {
  int timers = 0;
};

// INVARIANT: after uv_loop_fork. Before it, stopping a watcher would act on the origin's own epoll and inotify.
void quieten(uv_handle_t* handle, void* data) {
  if (uv_is_closing(handle)) return;
  auto& seen = *static_cast<Seen*>(data);
  switch (handle->type) {
    case UV_TCP:
    case UV_NAMED_PIPE:
    case UV_TTY:
      uv_read_stop(reinterpret_cast<uv_stream_t*>(handle));
      forget_writes(reinterpret_cast<uv_stream_t*>(handle));
      uv_unref(handle);
      break;
    case UV_UDP:
      uv_udp_recv_stop(reinterpret_cast<uv_udp_t*>(handle));
      uv_unref(handle);
      break;
    case UV_POLL:
      uv_poll_stop(reinterpret_cast<uv_poll_t*>(handle));
      uv_unref(handle);
      break;
    case UV_FS_EVENT:
      uv_fs_event_stop(reinterpret_cast<uv_fs_event_t*>(handle));
      uv_unref(handle);
      break;
    case UV_FS_POLL:
      uv_fs_poll_stop(reinterpret_cast<uv_fs_poll_t*>(handle));
      uv_unref(handle);
      break;
    // WHY not stopped: Node closes its own when their listeners are removed, and counts them by their number, which a
    // stopped one has not any more. No signal reaches them: the window has put the default actions back.
    case UV_SIGNAL:
      uv_unref(handle);
      break;
    case UV_TIMER:
      // The first is Node's, for all timers of JavaScript; others belong to requests that are not the child's, such as
      // those of dns.resolve, or of Atomics.waitAsync. SOURCE: node 20 to 26, src/env.cc, Environment::InitializeLibuv.
      if (seen.timers++ > 0) uv_timer_stop(reinterpret_cast<uv_timer_t*>(handle));
      break;
    case UV_ASYNC:
    case UV_PROCESS:
      uv_unref(handle);
      break;
    default:  // Node's own immediates and phases, which it keeps account of itself
      break;
  }
}

// Whether libuv's structures are as large as this addon takes them to be.
bool has_known_sizes() {
  return uv_loop_size() == sizeof(uv_loop_t) && uv_handle_size(UV_TCP) == sizeof(uv_tcp_t) &&
         uv_handle_size(UV_NAMED_PIPE) == sizeof(uv_pipe_t) && uv_handle_size(UV_TTY) == sizeof(uv_tty_t) &&
         uv_handle_size(UV_ASYNC) == sizeof(uv_async_t) && uv_handle_size(UV_TIMER) == sizeof(uv_timer_t) &&
         uv_handle_size(UV_PREPARE) == sizeof(uv_prepare_t) && uv_handle_size(UV_IDLE) == sizeof(uv_idle_t) &&
         uv_handle_size(UV_SIGNAL) == sizeof(uv_signal_t);
}

template <class Handle>
bool is_handle_of(const uv_loop_t* loop, const Handle& handle, uv_handle_type type) {
  return handle.type == type && handle.loop == loop;
}

bool are_watchers_known(const uv_loop_t* loop) {
  for (unsigned i = 0; i < loop->nwatchers; i++) {
    auto* watcher = static_cast<const uv__io_t*>(loop->watchers[i]);
    if (watcher && watcher->fd != static_cast<int>(i)) return false;
  }
  return true;
}

}  // namespace

// The fields that are written to stand between those that are looked at here.
bool is_laid_out_as_known(const uv_loop_t* loop) {
  return has_known_sizes() && is_handle_of(loop, loop->wq_async, UV_ASYNC) &&
         is_handle_of(loop, loop->child_watcher, UV_SIGNAL) && are_watchers_known(loop);
}

std::vector<int> watched_pipes(uv_loop_t* loop) {
  std::vector<int> pipes;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        uv_os_fd_t fd;
        struct stat status;
        bool has_fd = is_stream(handle->type) || handle->type == UV_POLL || handle->type == UV_UDP;
        if (!has_fd || uv_fileno(handle, &fd) != 0 || fd <= 2) return;
        if (::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode)) static_cast<std::vector<int>*>(data)->push_back(fd);
      },
      &pipes);
  return pipes;
}

std::vector<int> terminal_inputs(uv_loop_t* loop) {
  std::vector<int> inputs;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        uv_os_fd_t fd;
        if (handle->type != UV_TTY || uv_fileno(handle, &fd) != 0 || fd <= 2) return;
        if (is_same_file(fd, STDIN_FILENO)) static_cast<std::vector<int>*>(data)->push_back(fd);
      },
      &inputs);
  return inputs;
}

uint32_t inherited(uv_loop_t* loop) {
  uint32_t found = 0;
  if (loop->active_reqs.count > 0) found |= kRequests;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        auto& bits = *static_cast<uint32_t*>(data);
        uv_os_fd_t fd;
        if (handle->type == UV_TIMER && uv_is_active(handle))
          bits |= uv_has_ref(handle) ? kTimers | kRefedTimers : kTimers;
        if (handle->type == UV_IDLE && uv_is_active(handle)) bits |= kImmediates;
        if (!is_stream(handle->type) || uv_fileno(handle, &fd) != 0) return;
        // WHY both: libuv opens a terminal anew, so that its descriptor does not tell which of them it is.
        if (handle->type == UV_TTY) bits |= kStdoutStream | kStderrStream;
        if (fd == 1) bits |= kStdoutStream;
        if (fd == 2) bits |= kStderrStream;
      },
      &found);
  return found;
}

bool has_wake_ups(uv_loop_t* loop) {
  bool has = false;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* found) {
        if (handle->type != UV_ASYNC) return;
        if (reinterpret_cast<uv_async_t*>(handle)->pending) *static_cast<bool*>(found) = true;
      },
      &has);
  return has;
}

Status renew_in_child(uv_loop_t* loop) {
  forget_registrations(loop);
  int error = uv_loop_fork(loop);
  if (error) return SysError{-error, "uv_loop_fork"};
  return Done{};
}

Status adopt_in_child(uv_loop_t* loop) {
  // Work of the thread pool that had ended but was not yet told of, and the lock that its threads may have held.
  make_empty(&loop->wq);
  uv_mutex_init(&loop->wq_mutex);
  make_empty(&loop->pending_queue);
  loop->closing_handles = nullptr;
  loop->active_reqs.count = 0;
  Status renewed = renew_in_child(loop);
  if (!renewed) return renewed;
  Seen seen;
  uv_walk(loop, quieten, &seen);
  // WHY: libuv hides this one from walks. Stopped, it is started again by the child's own first child process.
  uv_signal_stop(&loop->child_watcher);
  return Done{};
}

uint32_t pending_work(uv_loop_t* loop) {
  uint32_t pending = 0;
  if (loop->active_reqs.count > 0) pending |= kRequestsPending;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        auto& bits = *static_cast<uint32_t*>(data);
        if (!uv_is_active(handle) || !uv_has_ref(handle)) return;
        if (handle->type == UV_IDLE) bits |= kRequestsPending;  // node's, while immediates are pending
        if (is_stream(handle->type)) bits |= kStreamsOpen;
      },
      &pending);
  return pending;
}

std::optional<uint64_t> wake_ups(uv_loop_t* loop) {
  struct Seen {
    int timers = 0;  // the first is Node's, for all of JavaScript's
    bool has_others = false;
  } seen;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        auto& found = *static_cast<Seen*>(data);
        bool is_other =
            handle->type == UV_IDLE || handle->type == UV_FS_POLL || (handle->type == UV_TIMER && found.timers++ > 0);
        if (is_other && uv_is_active(handle)) found.has_others = true;
      },
      &seen);
  uv_metrics_t metrics;
  if (seen.has_others || loop->closing_handles || uv_metrics_info(loop, &metrics) != 0) return std::nullopt;
  return metrics.events;
}

bool is_kept_alive_by_more_than_timers(uv_loop_t* loop) {
  struct Seen {
    bool is_more = false;
  } seen;
  if (loop->active_reqs.count > 0 || loop->closing_handles) return true;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        if (handle->type != UV_TIMER && uv_is_active(handle) && uv_has_ref(handle))
          static_cast<Seen*>(data)->is_more = true;
      },
      &seen);
  return seen.is_more;
}

}  // namespace forkmap::child_loop
