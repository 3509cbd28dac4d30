// Whether other threads of this process have run: what they may have changed needs no second look as long as not.
#pragma once

#include <cstdint>

namespace forkmap::sys {

class OtherThreads {
 public:
  void mark();            // from here on
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
