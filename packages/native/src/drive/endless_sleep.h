// Proof that a process sleeps where nobody can wake it: at every look all its threads wait for each other or for
// threads that do not exist (endless_wait.h), and none has run since the look before.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "drive/endless_wait.h"

namespace forkmap {

class EndlessSleep {
 public:
  EndlessSleep(pid_t pid, int64_t now_ns) : pid_(pid) { begin_anew(now_ns); }

  pid_t pid() const { return pid_; }
  int64_t due_ns() const { return due_ns_; }

  // Looks where that is due. True once it is proved. vain: see BoardSlot.
  bool is_proved(int64_t now_ns, int32_t vain = 0) {
    if (pid_ <= 0 || now_ns < due_ns_) return false;
    due_ns_ = now_ns + kLookEveryNs;
    auto switches = proc::asleep_for_good(pid_, vain != 0);
    if (!switches) {
      looks_ = 0;
      return false;
    }
    if (looks_ > 0 && (*switches != switches_ || vain != vain_)) looks_ = 0;
    switches_ = *switches;
    vain_ = vain;
    return ++looks_ >= kLooks;
  }

  // It has shown a sign of life.
  void begin_anew(int64_t now_ns) {
    looks_ = 0;
    due_ns_ = now_ns + kLookEveryNs;
  }

 private:
  static constexpr int64_t kLookEveryNs = 400'000'000;
  static constexpr int kLooks = 3;

  pid_t pid_;
  int64_t due_ns_ = 0;
  uint64_t switches_ = 0;
  int32_t vain_ = 0;
  int looks_ = 0;
};

}  // namespace forkmap
