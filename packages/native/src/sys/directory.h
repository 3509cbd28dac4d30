// The entries of a directory of /proc whose names are numbers: descriptors, threads.
// FORK-SAFE: system calls, and memory on the stack. WHY not opendir: it allocates.
#pragma once

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace forkmap::sys {

// SOURCE: getdents64(2)
struct DirectoryEntry {
  uint64_t inode;
  int64_t offset;
  uint16_t bytes;
  uint8_t type;
  char name[];
};

// -1 where it is none.
inline int parse_number(const char* name) {
  int number = 0;
  for (; *name; name++) {
    if (*name < '0' || *name > '9') return -1;
    number = number * 10 + (*name - '0');
  }
  return number;
}

// False where the directory cannot be opened. Of descriptors, that by which it looks is one.
template <class Visit>
bool for_each_number(const char* path, Visit visit) {
  int directory = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return false;
  alignas(DirectoryEntry) char buffer[4096];
  for (;;) {
    long bytes = ::syscall(SYS_getdents64, directory, buffer, sizeof buffer);
    if (bytes <= 0) break;
    for (long at = 0; at < bytes;) {
      auto* entry = reinterpret_cast<DirectoryEntry*>(buffer + at);
      at += entry->bytes;
      int number = parse_number(entry->name);
      if (number >= 0) visit(number);
    }
  }
  ::close(directory);
  return true;
}

}  // namespace forkmap::sys
