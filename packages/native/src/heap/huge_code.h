// Node's own code in a few huge pages: a fork copies nothing of it, a child asks for each with one fault, and its end
// lets go of as few.
//
// FORK-SAFE: Share zone: this process has one thread, and its own copy of all memory.
#pragma once

#include <cstdint>

namespace forkmap::heap {

// Copies the program's code to a file in memory, and maps that in its place. Does nothing where it has more than
// `budget_bytes`, where this would take long, or where the system has no huge pages for it, or will not execute them.
// Leaves the process where its code is gone.
void move_code_to_huge_pages_or_leave(uint64_t budget_bytes);

}  // namespace forkmap::heap
