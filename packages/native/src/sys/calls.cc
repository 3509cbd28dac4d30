#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/fault.h"

namespace forkmap::sys {
namespace {

using fault::Call;

constexpr int kPipeBytes = 1 << 20;  // SOURCE: pipe(7), /proc/sys/fs/pipe-max-size: what anybody may ask for
// WHY several: a child that nobody waits for stays a zombie.
constexpr int kReapAttempts = 3;

// Runs `call` unless a fault is due for it, and then fails as the kernel would.
template <class F>
auto asked(Call kind, F call) -> decltype(call()) {
  if (int number = fault::due(kind)) {
    errno = number;
    return static_cast<decltype(call())>(-1);
  }
  return call();
}

SysError failed(const char* call) { return SysError{errno, call}; }

// WHY none of 0 to 2, which a daemon has closed: whoever prints would write there.
int above_standard(int fd) {
  if (fd < 0 || fd > STDERR_FILENO) return fd;
  int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int number = errno;
  ::close(fd);
  errno = number;
  return moved;
}

Result<Ends> above_standard(const int (&fds)[2]) {
  Ends ends{UniqueFd(above_standard(fds[0])), UniqueFd()};
  if (!ends.read) {
    SysError error = failed("fcntl");
    ::close(fds[1]);
    return error;
  }
  ends.write.reset(above_standard(fds[1]));
  if (!ends.write) return failed("fcntl");
  return ends;
}

}  // namespace

Result<Ends> make_pipe() {
  int fds[2];
  if (asked(Call::kPipe, [&] { return ::pipe2(fds, O_CLOEXEC); }) < 0) return failed("pipe2");
  return above_standard(fds);
}

Result<Ends> make_socket_pair() {
  int fds[2];
  if (asked(Call::kSocketpair, [&] { return ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds); }) < 0) {
    return failed("socketpair");
  }
  return above_standard(fds);
}

Result<UniqueFd> make_event() {
  int fd = above_standard(asked(Call::kEventfd, [] { return ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }));
  if (fd < 0) return failed("eventfd");
  return UniqueFd(fd);
}

Status set_nonblocking(int fd) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return failed("fcntl");
  return Done{};
}

void widen_pipe(int fd) { (void)::fcntl(fd, F_SETPIPE_SZ, kPipeBytes); }

Result<void*> map_shared(size_t bytes, void* place, int file) {
  int flags = MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0);
  intptr_t address = asked(Call::kMmap, [&] {
    void* mapped = ::mmap(place, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
    return reinterpret_cast<intptr_t>(mapped);
  });
  if (address == -1) return failed("mmap");
  return reinterpret_cast<void*>(address);
}

void unmap(void* address, size_t bytes) { ::munmap(address, bytes); }

Result<UniqueFd> make_memory_file(size_t bytes) {
  // WHY asked before: to make a file larger than that is a signal.
  rlimit limit{};
  bool may_be_so_large =
      ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && (limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur);
  if (!may_be_so_large) return SysError{EFBIG, "getrlimit"};
  UniqueFd file(above_standard(asked(Call::kMemfd, [] { return ::memfd_create("forkmap", MFD_CLOEXEC); })));
  if (!file) return failed("memfd_create");
  if (::ftruncate(file.get(), static_cast<off_t>(bytes)) < 0) return failed("ftruncate");
  return file;
}

Status map_private(uintptr_t address, size_t bytes, int protection, int file, size_t offset) {
  // WHY without a reservation: that is how the memory in its place was mapped.
  constexpr int kFlags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  intptr_t mapped = asked(Call::kMmap, [&] {
    void* at = reinterpret_cast<void*>(address);
    return reinterpret_cast<intptr_t>(::mmap(at, bytes, protection, kFlags, file, static_cast<off_t>(offset)));
  });
  if (mapped == -1) return failed("mmap");
  return Done{};
}

Result<pid_t> fork_process() {
  pid_t pid = asked(Call::kFork, [] { return ::fork(); });
  if (pid < 0) return failed("fork");
  return pid;
}

Result<Exit> reap(pid_t pid) {
  Exit exit;
  rusage usage{};
  pid_t reaped;
  int attempts_left = kReapAttempts;
  do {
    reaped = asked(Call::kWait, [&] { return ::wait4(pid, &exit.status, 0, &usage); });
    if (reaped < 0 && errno != EINTR) attempts_left--;
  } while (reaped < 0 && errno != ECHILD && attempts_left > 0);
  if (reaped < 0) return failed("wait4");
  exit.max_rss_kib = usage.ru_maxrss;
  exit.minor_faults = usage.ru_minflt;
  return exit;
}

void kill_unreaped(pid_t pid) {
  if (pid > 0) ::kill(pid, SIGKILL);
}

UniqueFd open_process(pid_t pid) {
  return UniqueFd(above_standard(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
}

void kill_process(int process, pid_t pid) {
  auto send = [&] { return ::syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0); };
  if (process >= 0 && asked(Call::kPidfdSignal, send) == 0) return;
  // WHY by its number then: a sandbox that knows nothing of descriptors of processes refuses the call.
  kill_unreaped(pid);
}

Result<size_t> read_some(int fd, void* into, size_t bytes) {
  ssize_t got;
  do {
    got = asked(Call::kRead, [&] { return ::read(fd, into, bytes); });
  } while (got < 0 && errno == EINTR);
  if (got < 0) return failed("read");
  return static_cast<size_t>(got);
}

Status write_all(int fd, const void* from, size_t bytes) {
  const char* next = static_cast<const char*>(from);
  while (bytes > 0) {
    ssize_t put = asked(Call::kWrite, [&] { return ::write(fd, next, bytes); });
    if (put >= 0) {
      next += put;
      bytes -= static_cast<size_t>(put);
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      if (::poll(&writable, 1, -1) < 0 && errno != EINTR) return failed("poll");
    } else if (errno != EINTR) {
      return failed("write");
    }
  }
  return Done{};
}

Status write_at(int file, const void* from, size_t bytes, size_t offset) {
  const char* next = static_cast<const char*>(from);
  while (bytes > 0) {
    ssize_t put = asked(Call::kWrite, [&] { return ::pwrite(file, next, bytes, static_cast<off_t>(offset)); });
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failed("pwrite");
    next += put;
    offset += static_cast<size_t>(put);
    bytes -= static_cast<size_t>(put);
  }
  return Done{};
}

Result<int> wait_ready(std::span<pollfd> fds, int timeout_ms) {
  int ready = asked(Call::kPoll, [&] { return ::poll(fds.data(), fds.size(), timeout_ms); });
  if (ready < 0 && (errno == EINTR || errno == EAGAIN)) {
    for (pollfd& fd : fds) fd.revents = 0;
    return 0;
  }
  if (ready < 0) return failed("poll");
  return ready;
}

Status send_packet(int socket, const void* data, size_t bytes, std::span<const int> fds) {
  iovec part{const_cast<void*>(data), bytes};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPacketFds)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size_bytes());
    memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
  }
  ssize_t sent;
  do {
    sent = asked(Call::kSend, [&] { return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT); });
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return failed("sendmsg");
  return Done{};
}

Result<Packet> receive_packet(int socket, void* into, size_t bytes) {
  iovec part{into, bytes};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPacketFds)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got;
  do {
    got = asked(Call::kReceive, [&] { return ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC); });
  } while (got < 0 && errno == EINTR);
  if (got < 0) return failed("recvmsg");
  Packet packet;
  packet.bytes = static_cast<size_t>(got);
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
      if (i < kMaxPacketFds) {
        packet.fds[i].reset(fd);
      } else {
        ::close(fd);
      }
    }
  }
  return packet;
}

int64_t now_ns() {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace forkmap::sys
