#include "drive/family.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <vector>

#include "drive/proc.h"
#include "drive/proc_text.h"
#include "sys/calls.h"
#include "sys/directory.h"

namespace forkmap {
namespace {

constexpr int64_t kStopsWithinNs = 20'000'000;
constexpr useconds_t kLookEveryUs = 200;

// WHY stopped first: what it starts, or waits for, after its children were listed would be missed, or be another
// process of the same number.
void stop(pid_t pid) {
  ::kill(pid, SIGSTOP);
  int64_t give_up_ns = sys::now_ns() + kStopsWithinNs;
  while (!proc::is_stopped(pid) && sys::now_ns() < give_up_ns) ::usleep(kLookEveryUs);
}

// SOURCE: proc_tid_children(5). Of a kernel that does not tell: none.
void add_children(pid_t pid, std::vector<pid_t>& pids) {
  char tasks[32];
  snprintf(tasks, sizeof tasks, "/proc/%d/task", pid);
  sys::for_each_number(tasks, [&](int thread) {
    char path[80];
    snprintf(path, sizeof path, "%s/%d/children", tasks, thread);
    proc::Text children(path);
    char* at = children.chars;
    for (long child = strtol(at, &at, 10); child > 0; child = strtol(at, &at, 10))
      pids.push_back(static_cast<pid_t>(child));
  });
}

}  // namespace

void kill_family(int process, pid_t pid) {
  pid_t session = ::getsid(pid);
  std::vector<pid_t> family{pid};
  for (size_t i = 0; i < family.size(); i++) {
    if (i > 0 && ::getsid(family[i]) != session) continue;
    stop(family[i]);
    add_children(family[i], family);
  }
  // WHY the child last: once it has ended, the others are somebody else's, who may wait for them.
  for (size_t i = family.size() - 1; i > 0; i--) {
    if (::getsid(family[i]) == session) ::kill(family[i], SIGKILL);
  }
  sys::kill_process(process, pid);
}

}  // namespace forkmap
