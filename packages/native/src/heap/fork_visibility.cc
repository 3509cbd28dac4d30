#include "heap/fork_visibility.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <span>

#include "sys/calls.h"
#include "sys/fault.h"

namespace forkmap::heap {
namespace {

// [heap], [stack], the kernel's own and files cannot be V8's.
bool may_be_hidden(const Mapping& mapping) { return mapping.is_private && mapping.is_anonymous && !mapping.is_brk; }

bool is_same(const Mapping& one, const Mapping& other) {
  return one.start == other.start && one.end == other.end && one.protection == other.protection &&
         one.is_private == other.is_private && one.is_file == other.is_file;
}

// Those in a range, and its neighbours that touch it.
std::span<const Mapping> around(const Range& range, const std::vector<Mapping>& mappings) {
  auto ends_before = [](const Mapping& mapping, uintptr_t at) { return mapping.end < at; };
  auto begins_after = [](uintptr_t at, const Mapping& mapping) { return at < mapping.start; };
  auto first = std::lower_bound(mappings.begin(), mappings.end(), range.start, ends_before);
  return {first, std::upper_bound(first, mappings.end(), range.end, begins_after)};
}

int advise(const Range& range, int advice) {
  return ::madvise(reinterpret_cast<void*>(range.start), range.end - range.start, advice);
}

// A child made by the bare system call, with the heap still hidden: its mappings are those that children see.
// WHY: /proc/self/smaps names the mark too, but walks every page of the process: 9 ms at 313 MB, against 0.5 ms.
// FORK-SAFE: no atfork handlers run; all signals are blocked, the child only waits to be killed. It is made without an
// exit signal, so that nobody's SIGCHLD handler hears of it, and is therefore waited for with __WALL.
Result<pid_t> fork_probe() {
  if (int number = fault::due(fault::Call::kFork)) return SysError{number, "fork"};
  pid_t origin = ::getpid();
  long pid = ::syscall(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr);
  if (pid < 0) return SysError{errno, "fork"};
  if (pid == 0) {
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    while (::syscall(SYS_getppid) == origin) ::syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
    ::syscall(SYS_exit_group, 0);
  }
  return static_cast<pid_t>(pid);
}

void end_probe(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {
  }
}

}  // namespace

template <class Test>
void ForkVisibility::collect_hidden(Test is_hidden) {
  hidden_.clear();
  for (const Mapping& mapping : before_.all()) {
    if (!may_be_hidden(mapping) || !is_hidden(mapping)) continue;
    if (!hidden_.empty() && hidden_.back().end == mapping.start) {
      hidden_.back().end = mapping.end;
    } else {
      hidden_.push_back({mapping.start, mapping.end});
    }
  }
}

Status ForkVisibility::find_hidden() {
  others_.mark();
  Status read = before_.read(kOwnMaps);
  if (!read) return read;
  // WHY: nothing was mapped, unmapped or protected otherwise since the last time: the marks are as they were.
  auto now = before_.all() | std::views::filter(may_be_hidden);
  if (std::ranges::equal(now, classified_, is_same)) return Done{};
  return classify();
}

Status ForkVisibility::classify() {
  classified_.clear();
  Status found = compare_with_probe();
  // WHY: what was unmapped between the two readings looks like hidden, and may be mapped by somebody else again.
  if (found && others_.have_run()) found = ask_the_kernel();
  if (!found) return found;
  std::ranges::copy_if(before_.all(), std::back_inserter(classified_), may_be_hidden);
  return Done{};
}

Status ForkVisibility::compare_with_probe() {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  auto probe = fork_probe();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!probe) return probe.error();

  char path[32];
  snprintf(path, sizeof path, "/proc/%d/maps", probe.value());
  Status read = probe_.read(path);
  end_probe(probe.value());
  if (!read) return read;

  auto visible = probe_.all().begin();
  collect_hidden([&](const Mapping& mapping) {
    while (visible != probe_.all().end() && visible->start < mapping.start) visible++;
    return visible == probe_.all().end() || visible->start != mapping.start;
  });
  return Done{};
}

// What the kernel says of a mapping's extent and of its mark in one line was true at one moment.
Status ForkVisibility::ask_the_kernel() {
  others_.mark();
  Status read = before_.read(kOwnSmaps);
  if (!read) return read;
  collect_hidden([](const Mapping& mapping) { return mapping.is_hidden; });
  return Done{};
}

Status ForkVisibility::show() {
  for (const Range& range : hidden_) {
    int failed = fault::due(fault::Call::kMadvise);
    // WHY: ENOMEM says that a part was unmapped meanwhile, by another thread: the rest was still advised.
    if (!failed && advise(range, MADV_DOFORK) < 0 && errno != ENOMEM) failed = errno;
    if (failed) {
      hide();
      return SysError{failed, "madvise"};
    }
  }
  return Done{};
}

Status ForkVisibility::show_all() {
  Status read = before_.read(kOwnMaps);
  if (!read) return read;
  classified_.clear();
  collect_hidden([](const Mapping&) { return true; });
  return show();
}

void ForkVisibility::hide() {
  for (const Range& range : hidden_) (void)advise(range, MADV_DONTFORK);
  if (others_.have_run()) show_what_changed_hands();
}

// A range is whose it was where all its mappings, and those next to it, are as they were: with the marks put back,
// nothing of them is joined or split otherwise.
void ForkVisibility::show_what_changed_hands() {
  Status read = after_.read(kOwnMaps);
  for (const Range& range : hidden_) {
    bool is_as_it_was = read && std::ranges::equal(around(range, before_.all()), around(range, after_.all()), is_same);
    if (is_as_it_was) continue;
    (void)advise(range, MADV_DOFORK);
    classified_.clear();
  }
}

}  // namespace forkmap::heap
