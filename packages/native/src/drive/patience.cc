#include "drive/patience.h"

#include <errno.h>

#include <algorithm>

#include "sys/calls.h"

namespace forkmap {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kLookEveryMs = 100;
// WHY a moment at all: a lane that lives answers within it, and then nothing is left to others to clean up.
constexpr int64_t kMomentNs = 250 * kMs;

}  // namespace

Patience::Patience(int cancel_fd, pid_t snapshot, bool (*is_stopping)(void*), void* stopping_data)
    : cancel_fd_(cancel_fd),
      sleep_(snapshot, sys::now_ns()),
      is_stopping_(is_stopping),
      stopping_data_(stopping_data) {}

Status Patience::await(int fd, short events) {
  for (;;) {
    int64_t now = sys::now_ns();
    if (give_up_ns_ && now >= give_up_ns_) return SysError{ECANCELED, "poll"};
    int64_t sleep_ms = kLookEveryMs;
    if (give_up_ns_) sleep_ms = std::min(sleep_ms, (give_up_ns_ - now + kMs - 1) / kMs);
    // Once heard, a cancellation stays readable; poll ignores a negative descriptor.
    pollfd fds[] = {{fd, events, 0}, {give_up_ns_ ? -1 : cancel_fd_, POLLIN, 0}};
    auto ready = sys::wait_ready(fds, static_cast<int>(sleep_ms));
    if (!ready) return ready.error();
    if (fds[0].revents) return Done{};
    if (sleep_.is_proved(sys::now_ns())) sys::kill_unreaped(sleep_.pid());
    if (give_up_ns_) continue;
    bool is_over = fds[1].revents || (is_stopping_ && is_stopping_(stopping_data_));
    if (is_over) give_up_ns_ = sys::now_ns() + kMomentNs;
  }
}

}  // namespace forkmap
