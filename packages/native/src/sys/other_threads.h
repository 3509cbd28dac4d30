// Whether other threads of this process have run: what they may have changed needs no second look as long as not.
#pragma once

#include <cstdint>

namespace forkmap::sys {

class OtherThreads {
 public:
  // From here on. Waits until they are still, if that is within a moment: a thread that has just said that it rests
  // goes on running until it sleeps.
  void mark();
  bool have_run() const;  // since mark()

 private:
  // All of it but this thread's, in ns. It is between these two, for the clocks are read one after the other.
  struct Time {
    int64_t least;
    int64_t most;
  };
  static Time time();

  Time marked_{};
};

}  // namespace forkmap::sys
