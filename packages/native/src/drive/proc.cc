#include "drive/proc.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/calls.h"
#include "sys/directory.h"

namespace forkmap::proc {
namespace {

// The start of a small file of /proc, as a C string. Empty when the process is gone.
struct Text {
  char chars[4096];

  explicit Text(const char* path) {
    chars[0] = '\0';
    UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file) return;
    size_t used = 0;
    while (used < sizeof chars - 1) {
      auto got = sys::read_some(file.get(), chars + used, sizeof chars - 1 - used);
      if (!got || got.value() == 0) break;
      used += got.value();
    }
    chars[used] = '\0';
  }

  // The number behind `key` ("RssAnon:"), as it stands.
  std::optional<uint64_t> number(const char* key) const {
    const char* at = strstr(chars, key);
    if (!at) return std::nullopt;
    return strtoull(at + strlen(key), nullptr, 10);
  }
};

// SOURCE: proc(5), /proc/PID/stat: the fields are numbered from 1, the third follows the name in brackets.
struct Stat {
  static constexpr int kState = 3, kFlags = 9, kMinorFaults = 10;
  Text text;

  explicit Stat(pid_t pid) : text(path_of(pid).chars) {}
  const char* field(int number) const {
    const char* at = strrchr(text.chars, ')');  // the name may contain anything
    for (int i = 2; at && i < number; i++) at = strchr(at + 1, ' ');
    return at ? at + 1 : nullptr;
  }

 private:
  struct Path {
    char chars[32];
  };
  static Path path_of(pid_t pid) {
    Path path;
    snprintf(path.chars, sizeof path.chars, "/proc/%d/stat", pid);
    return path;
  }
};

bool is_endless_futex_wait(const char* syscall_line) {
  // `number arg0 arg1 arg2 arg3 …` in hexadecimal but for the number; "running" when it is not in a system call.
  unsigned long number, address, operation, value, timeout;
  if (sscanf(syscall_line, "%lu %lx %lx %lx %lx", &number, &address, &operation, &value, &timeout) != 5) return false;
  if (number != SYS_futex || timeout != 0) return false;
  int command = static_cast<int>(operation) & FUTEX_CMD_MASK;
  bool is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
  return is_wait && (operation & FUTEX_PRIVATE_FLAG);
}

// Of a thread that sleeps; none of one that runs, was stopped or frozen: a system call that was broken off by that is
// still the one that /proc names.
std::optional<uint64_t> context_switches_if_asleep(const char* task) {
  char path[128];
  snprintf(path, sizeof path, "%.100s/status", task);
  Text status(path);
  if (!strstr(status.chars, "\nState:\tS")) return std::nullopt;
  auto voluntary = status.number("\nvoluntary_ctxt_switches:");
  auto forced = status.number("\nnonvoluntary_ctxt_switches:");
  if (!voluntary || !forced) return std::nullopt;
  return *voluntary + *forced;
}

}  // namespace

std::optional<Usage> usage(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  auto anon_kib = Text(path).number("RssAnon:");
  Stat stat(pid);
  const char* faults = stat.field(Stat::kMinorFaults);
  if (!anon_kib || !faults) return std::nullopt;
  return Usage{*anon_kib * 1024, strtoull(faults, nullptr, 10)};
}

bool is_exiting(pid_t pid) {
  constexpr unsigned long kExitingFlag = 0x4;  // SOURCE: Linux, include/linux/sched.h, PF_EXITING
  Stat stat(pid);
  const char* state = stat.field(Stat::kState);
  const char* flags = stat.field(Stat::kFlags);
  if (!state || !flags) return true;
  return *state == 'Z' || *state == 'X' || (strtoul(flags, nullptr, 10) & kExitingFlag);
}

std::optional<uint64_t> private_bytes(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
  Text rollup(path);
  auto clean = rollup.number("Private_Clean:");
  auto dirty = rollup.number("Private_Dirty:");
  if (!clean || !dirty) return std::nullopt;
  return (*clean + *dirty) * 1024;
}

std::optional<uint64_t> asleep_for_good(pid_t pid) {
  char tasks[64];
  snprintf(tasks, sizeof tasks, "/proc/%d/task", pid);
  std::optional<uint64_t> switches = 0;
  bool is_there = sys::for_each_number(tasks, [&](int thread) {
    if (!switches) return;
    char task[100], path[128];
    snprintf(task, sizeof task, "%s/%d", tasks, thread);
    snprintf(path, sizeof path, "%s/syscall", task);
    auto own = context_switches_if_asleep(task);
    if (own && is_endless_futex_wait(Text(path).chars)) {
      *switches += *own;
    } else {
      switches = std::nullopt;
    }
  });
  return is_there ? switches : std::nullopt;
}

}  // namespace forkmap::proc
