// Which of V8's mappings a forked child may see.
//
// V8 marks its pages MADV_DONTFORK, so a plain fork() gives a child without a heap. We lift the mark just before a fork
// and put it back on exactly the same ranges just after: if they stayed visible, every later spawn in the origin would
// pay for copying their page tables.
#pragma once

#include <cstddef>
#include <vector>

#include "sys/result.h"

namespace forkmap::heap {

struct Range {
  size_t start;
  size_t end;
  int protection;  // the letters rwx as bits 4, 2, 1
  bool operator==(const Range&) const = default;
};

// INVARIANT: used under the fork lock, by one thread at a time.
class ForkVisibility {
 public:
  Status find_hidden();  // prepare: learns which ranges are hidden from children now
  Status show();         // makes them visible
  void hide();           // puts the mark back, in the origin only

  // In a snapshot, where JavaScript ran after the fork: what V8 mapped meanwhile is seen by its children too.
  Status show_all();

  size_t hidden_ranges() const { return hidden_.size(); }

 private:
  Status classify();

  std::vector<Range> anonymous_;   // private anonymous mappings of this process, as of now
  std::vector<Range> classified_;  // those for which `hidden_` was found
  std::vector<Range> hidden_;      // contiguous ranges joined
  std::vector<Range> scratch_;
  std::vector<char> text_;
};

}  // namespace forkmap::heap
