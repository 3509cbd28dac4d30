// What this process has mapped, read from /proc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sys/result.h"

namespace forkmap::heap {

// One mapping, as /proc/self/smaps has it.
struct Mapping {
  uintptr_t start;
  uintptr_t end;
  int protection;  // of mprotect(2)
  bool is_private;
  bool is_file;       // of a file, or of memory that has a descriptor
  bool is_anonymous;  // of nobody's but this process: neither a file's nor the kernel's own
  bool is_brk;        // what malloc has by brk(2)
  bool is_plain;      // nothing is asked of it that a new mapping in its place would not have; no device's
  size_t resident_kib;
  size_t anonymous_kib;  // of pages that are this process's own, or were its parent's
  size_t huge_kib;       // of these, in huge pages

  size_t bytes() const { return end - start; }
};

// A whole file, with a zero behind it.
Status read_file(const char* path, std::vector<char>& text);

// All of them, by address. WHY not cheap: the kernel walks every page for it.
Status read_mappings(std::vector<Mapping>& mappings);

// The hexadecimal number that begins here; `at` is moved behind it.
uintptr_t parse_hex(const char*& at);

// Whether it is nobody's by name: neither a file's nor the kernel's own. `name` is what /proc says, to the line's end.
bool is_unnamed(const char* name);

}  // namespace forkmap::heap
