#include "drive/epoll_set.h"

#include <stdio.h>
#include <unistd.h>

#include <iterator>

#include "drive/proc_text.h"
#include "sys/directory.h"

namespace forkmap::proc {
namespace {

// What a descriptor of the process is: `pipe:[123]`, `anon_inode:[eventfd]`, a path. Empty where it is closed.
struct Target {
  char chars[64];

  Target(pid_t pid, int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    ssize_t length = ::readlink(path, chars, sizeof chars - 1);
    chars[length > 0 ? length : 0] = '\0';
  }
  bool is(const char* kind) const { return strcmp(chars, kind) == 0; }
  bool begins_with(const char* kind) const { return strncmp(chars, kind, strlen(kind)) == 0; }
};

Text info_of(pid_t pid, int fd) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", pid, fd);
  return Text(path);
}

// Whether the process has the pipe's write end too. WHY that is enough: an anonymous pipe that a child has inherited
// with both ends was replaced in it, and it has no children to which it could have given one of its own.
bool has_write_end(pid_t pid, const Target& pipe) {
  bool has = false;
  char fds[32];
  snprintf(fds, sizeof fds, "/proc/%d/fd", pid);
  sys::for_each_number(fds, [&](int fd) {
    if (has || !Target(pid, fd).is(pipe.chars)) return;
    auto flags = info_of(pid, fd).number("flags:", 8);
    has = flags && (*flags & O_ACCMODE) != O_RDONLY;
  });
  return has;
}

// SOURCE: Linux, fs/timerfd.c, timerfd_show
bool is_disarmed_timer(const Text& info) { return info.has("it_value: (0, 0)"); }

// SOURCE: Linux, fs/notify/fdinfo.c, inotify_fdinfo
bool watches_nothing(const Text& info) { return info.is_whole && !info.has("inotify wd:"); }

// Each request taken from the submission queue was answered. SOURCE: Linux, io_uring/fdinfo.c. WHY not its list of
// polls alone: reads that wait for a disk are in no list.
bool has_nothing_in_flight(const Text& info) {
  auto submitted = info.number("\nSqTail:"), taken = info.number("CachedSqHead:"),
       answered = info.number("CachedCqTail:");
  return submitted && taken && answered && *submitted == *taken && *taken == *answered && info.has("PollList:\nCq");
}

bool is_own_business(pid_t pid, int fd) {
  Target target(pid, fd);
  // WHY an eventfd is: what a child has inherited of them was replaced in it.
  if (target.is("anon_inode:[eventfd]")) return true;
  if (target.begins_with("pipe:")) return has_write_end(pid, target);
  if (target.is("anon_inode:[timerfd]")) return is_disarmed_timer(info_of(pid, fd));
  if (target.is("anon_inode:inotify")) return watches_nothing(info_of(pid, fd));
  if (target.is("anon_inode:[io_uring]")) return has_nothing_in_flight(info_of(pid, fd));
  return false;
}

}  // namespace

bool is_out_of_reach(pid_t pid, int epoll) {
  constexpr const char* kEntry = "tfd:";
  Text set = info_of(pid, epoll);
  if (!set.is_whole || set.chars[0] == '\0') return false;
  for (const char* at = strstr(set.chars, kEntry); at; at = strstr(at + 1, kEntry)) {
    if (!is_own_business(pid, atoi(at + strlen(kEntry)))) return false;
  }
  return true;
}

}  // namespace forkmap::proc
