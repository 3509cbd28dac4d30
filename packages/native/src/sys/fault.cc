#include "sys/fault.h"

#ifdef FORKMAP_FAULTS

#include <atomic>

namespace forkmap::fault {
namespace {

struct Plan {
  std::atomic<int> calls_left{0};  // 0: nothing planned
  std::atomic<int> error_number{0};
};
Plan plans[static_cast<int>(Call::kCount)];

Plan& of(Call call) { return plans[static_cast<int>(call)]; }

}  // namespace

void plan(Call call, int nth, int error_number) {
  of(call).error_number = error_number;
  of(call).calls_left = nth;
}

void clear() {
  for (Plan& plan : plans) plan.calls_left = 0;
}

int due(Call call) {
  Plan& plan = of(call);
  int left = plan.calls_left.load();
  while (left > 0) {
    if (plan.calls_left.compare_exchange_weak(left, left - 1)) return left == 1 ? plan.error_number.load() : 0;
  }
  return 0;
}

const char* name(Call call) {
  static constexpr const char* kNames[] = {"pipe2",   "socketpair", "eventfd", "mmap",         "fork",
                                           "wait4",   "read",       "write",   "poll",         "sendmsg",
                                           "recvmsg", "open",       "madvise", "memfd_create", "pidfd_send_signal"};
  static_assert(sizeof(kNames) / sizeof(*kNames) == static_cast<int>(Call::kCount));
  return kNames[static_cast<int>(call)];
}

}  // namespace forkmap::fault

#endif
