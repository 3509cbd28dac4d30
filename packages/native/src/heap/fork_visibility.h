// Which of V8's mappings a forked child may see.
//
// V8 marks its pages MADV_DONTFORK, so a plain fork() gives a child without a heap. We lift the mark just before a fork
// and put it back on exactly the same ranges just after: if they stayed visible, every later spawn in the origin would
// pay for copying their page tables.
//
// Other threads go on meanwhile, and a range may change hands: the heap of a Worker that ends becomes another's stack.
// Somebody else's memory that is hidden is missing in every child of later; V8's that stays visible costs but a little.
// So in doubt nothing is hidden.
#pragma once

#include <vector>

#include "heap/mappings.h"
#include "sys/other_threads.h"
#include "sys/result.h"

namespace forkmap::heap {

struct Range {
  uintptr_t start;
  uintptr_t end;
};

// INVARIANT: used under the fork lock, by one thread at a time.
class ForkVisibility {
 public:
  Status find_hidden();
  // As of then: whether other threads may be in the middle of something.
  bool are_others_at_work() {
    return others_.are_at_work();
  }               // prepare: learns which ranges are hidden from children now
  Status show();  // makes them visible
  void hide();    // puts the mark back, in the origin only

  // In a snapshot, where JavaScript ran after the fork: what V8 mapped meanwhile is seen by its children too.
  Status show_all();

 private:
  Status classify();
  Status compare_with_probe();
  Status ask_the_kernel();
  template <class Test>
  void collect_hidden(Test is_hidden);  // of `before_`
  void show_what_changed_hands();

  sys::OtherThreads others_;         // since this process's mappings were read
  MappingTable before_;              // all of them, as of then
  std::vector<Mapping> classified_;  // those that may be hidden, as of when `hidden_` was found
  std::vector<Range> hidden_;        // contiguous ones joined
  MappingTable probe_;
  MappingTable after_;
};

}  // namespace forkmap::heap
