// A lean snapshot: what its children will not touch, no fork copies, and what they will, they need not ask for.
//
// A fork copies an entry per resident page, of every mapping that has pages of its process's own, and its child's end
// lets go of each: 7 ms and more per 100 MB. And it copies nothing of mappings that are a file's alone, node's code
// among them, whose pages the child then asks for one by one. So a snapshot that many children will be forked from
//
//   1. move_to_file_or_leave    copies V8's heap to a file in memory once, and maps that in its place, as private as
//                               before: nothing of it is resident now
//   2. move_code_to_huge_pages_or_leave
//                               does as much with node's code, of which children then ask for a few huge pages
//   3. inherit_files            has children inherit what is resident of files, this one and node's code alike
//   4. drop_file_pages          lets go of all that, and keeps pages apart
//   5.                          runs what its children will run: the pages that this touches are resident again
//   6. join_pages
//
// FORK-SAFE: Share zone: this process has one thread, and its own copy of all memory.
#pragma once

#include <v8.h>

#include <cstdint>
#include <vector>

#include "heap/mappings.h"

namespace forkmap::heap {

// Does nothing where it would take more than `budget_bytes`, or where the system gives no such file. Leaves the process
// where its memory could not be mapped.
// INVARIANT: of memory that is moved, nothing is used that only an anonymous mapping does: see Mapping::is_plain,
// HeapPages.
void move_to_file_or_leave(v8::Local<v8::Context> context, uint64_t budget_bytes);

// From now on children inherit what is resident of files.
void inherit_files();

// Lets go of the pages of files: each comes back when it is touched, with at most one other, until the mappings that
// this gives back are joined.
std::vector<Mapping> drop_file_pages();
void join_pages(const std::vector<Mapping>& mappings);

}  // namespace forkmap::heap
