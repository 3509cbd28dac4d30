// Every system call of the native layer that can fail in an interesting way, checked, with its EINTR policy.
// FORK-SAFE: thin wrappers, no allocation, no locks: callable in all zones. Each asks the fault seam first (fault.h).
#pragma once

#include <poll.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "sys/result.h"
#include "sys/unique_fd.h"

namespace forkmap::sys {

struct Ends {
  UniqueFd read;   // of a socket pair: the near end
  UniqueFd write;  // of a socket pair: the far end
};

struct Exit {
  int status = 0;           // as waitpid gives it
  int64_t max_rss_kib = 0;  // peak resident set of the process, shared pages included
  int64_t minor_faults = 0;
};

inline constexpr size_t kMaxPacketFds = 4;

struct Packet {
  size_t bytes = 0;  // 0: end of file
  UniqueFd fds[kMaxPacketFds];
};

// None of the descriptors made here is 0, 1 or 2.
Result<Ends> make_pipe();         // close-on-exec
Result<Ends> make_socket_pair();  // SOCK_SEQPACKET, close-on-exec
Result<UniqueFd> make_event();    // eventfd, close-on-exec, non-blocking
Status set_nonblocking(int fd);
void widen_pipe(int fd);  // as far as this user may: fewer turns between writer and reader
// Zeroed, or a file's; at that place, if it is free.
Result<void*> map_shared(size_t bytes, void* place = nullptr, int file = -1);
void unmap(void* address, size_t bytes);
Result<UniqueFd> make_memory_file(size_t bytes);  // memfd, close-on-exec, empty: reads as zeros
Status map_private(uintptr_t address, size_t bytes, int protection, int file,
                   size_t offset);  // in place of what is there

Result<pid_t> fork_process();
Result<Exit> reap(pid_t pid);   // waits for this one pid; only ECHILD is believed at once
void kill_unreaped(pid_t pid);  // SIGKILL. INVARIANT: nobody has reaped `pid`, so it cannot be another process

// A process by descriptor: readable once it has ended, and never another process, whoever reaps it. Empty where the
// kernel has none to give.
UniqueFd open_process(pid_t pid);
void kill_process(
    int process,
    pid_t pid);  // SIGKILL; by pid where there is no descriptor, or it may not be used. INVARIANT: as above

Result<size_t> read_some(int fd, void* into, size_t bytes);  // EINTR is retried; 0 is end of file; EAGAIN is an error
Status write_all(int fd, const void* from, size_t bytes);    // EINTR and short writes are retried, EAGAIN waits
Status write_at(int file, const void* from, size_t bytes, size_t offset);  // EINTR and short writes are retried
// EINTR, and EAGAIN (no memory for the moment), give 0: the caller looks at its clock again.
Result<int> wait_ready(std::span<pollfd> fds, int timeout_ms);

// Never waits: EAGAIN where the other side has not heard what was said before.
Status send_packet(int socket, const void* data, size_t bytes, std::span<const int> fds = {});
Result<Packet> receive_packet(int socket, void* into, size_t bytes);

int64_t now_ns();  // CLOCK_MONOTONIC

}  // namespace forkmap::sys
