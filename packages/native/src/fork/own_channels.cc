#include "fork/own_channels.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "sys/directory.h"

namespace forkmap {
namespace {

// WHY not one with a name: a program makes that on purpose, for whoever is to write to it.
bool is_anonymous_pipe(int fd, mode_t mode) {
  struct statfs system;
  return S_ISFIFO(mode) && ::fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

std::optional<Channel::Kind> kind_of_nameless(int fd) {
  char path[32], target[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t length = ::readlink(path, target, sizeof target - 1);
  target[std::max<ssize_t>(length, 0)] = '\0';
  if (strcmp(target, "anon_inode:[eventfd]") == 0) return Channel::Kind::kEvent;
  if (strcmp(target, "anon_inode:[io_uring]") == 0) return Channel::Kind::kRing;
  return std::nullopt;
}

std::optional<Channel::Kind> kind_of(int fd, const struct stat& status) {
  if (is_anonymous_pipe(fd, status.st_mode)) {
    int flags = ::fcntl(fd, F_GETFL);
    return (flags & O_ACCMODE) == O_RDONLY ? Channel::Kind::kReadEnd : Channel::Kind::kWriteEnd;
  }
  if ((status.st_mode & S_IFMT) == 0) return kind_of_nameless(fd);
  return std::nullopt;
}

bool has(const std::vector<Channel>& channels, Channel::Kind kind, ino_t inode) {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const Channel& other) { return other.kind == kind && other.inode == inode; });
}

// Whether somebody else is at the other end.
bool leads_elsewhere(const std::vector<Channel>& channels, const Channel& channel) {
  if (channel.kind == Channel::Kind::kReadEnd) return !has(channels, Channel::Kind::kWriteEnd, channel.inode);
  if (channel.kind == Channel::Kind::kWriteEnd) return !has(channels, Channel::Kind::kReadEnd, channel.inode);
  return false;
}

}  // namespace

std::vector<Channel> own_channels() {
  std::vector<Channel> found;
  sys::for_each_number("/proc/self/fd", [&](int fd) {
    struct stat status;
    if (fd <= STDERR_FILENO || ::fstat(fd, &status) < 0) return;
    auto kind = kind_of(fd, status);
    if (kind) found.push_back({fd, *kind, status.st_ino});
  });
  std::vector<Channel> own;
  for (const Channel& channel : found) {
    if (!leads_elsewhere(found, channel)) own.push_back(channel);
  }
  return own;
}

bool is_still(const Channel& channel) {
  struct stat status;
  return ::fstat(channel.fd, &status) == 0 && status.st_ino == channel.inode;
}

}  // namespace forkmap
