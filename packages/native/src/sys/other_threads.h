// Whether other threads of this process have run: what they may have changed needs no second look as long as not.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace forkmap::sys {

class OtherThreads {
 public:
  // From here on. Waits until they are still, if that is within a moment: a thread that has just said that it rests
  // goes on running until it sleeps.
  void mark();

  // As of mark(): whether one is running, or was stopped while it did, and so may be in the middle of anything.
  bool are_at_work();

  // Since mark(), or whether that cannot be told. WHY none that is new counts by itself: whoever began it has run.
  bool have_run() const;

 private:
  struct Thread {
    pid_t id;
    int64_t ran_ns;   // its CPU time
    bool is_at_rest;  // in a system call, when it had run so long
  };
  bool list();

  std::vector<Thread> threads_;  // all but this one
  std::vector<Thread> before_;   // as they were when they were last asked about
  bool is_known_ = false;
};

}  // namespace forkmap::sys
