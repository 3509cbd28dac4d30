#include "drive/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive/proc_text.h"

namespace forkmap::proc {
namespace {

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

bool is_stopped(pid_t pid) {
  Stat stat(pid);
  const char* state = stat.field(Stat::kState);
  return !state || strchr("TtZX", *state);
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

}  // namespace forkmap::proc
