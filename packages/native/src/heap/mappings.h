// What this process has mapped, read from /proc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sys/result.h"

namespace forkmap::heap {

// One mapping, as /proc/PID/maps has it.
struct Mapping {
  uintptr_t start;
  uintptr_t end;
  int protection;  // of mprotect(2)
  bool is_private;
  bool is_file;       // of a file, or of memory that has a descriptor
  bool is_anonymous;  // of nobody's but this process: neither a file's nor the kernel's own
  bool is_brk;        // what malloc has by brk(2)

  // Only smaps tells:
  bool is_plain;   // nothing is asked of it that a new mapping in its place would not have; no device's
  bool is_hidden;  // from forked children
  size_t resident_kib;
  size_t anonymous_kib;  // of pages that are this process's own, or were its parent's
  size_t huge_kib;       // resident in huge pages

  size_t bytes() const { return end - start; }
};

inline constexpr const char* kOwnMaps = "/proc/self/maps";
inline constexpr const char* kOwnSmaps = "/proc/self/smaps";

// All of a process's mappings, by address.
class MappingTable {
 public:
  MappingTable();

  // `path` is the maps or the smaps of a process. WHY smaps is not cheap: the kernel walks every page for it.
  Status read(const char* path);

  const std::vector<Mapping>& all() const { return all_; }

 private:
  bool parse();  // false where `all_` had to grow

  // INVARIANT: these are not given back as long as the table is used: they are in it. Where they had to grow, it is
  // read again, or it would tell of memory that is gone, and soon somebody else's.
  std::unique_ptr<char[]> text_;
  size_t text_bytes_;
  std::vector<Mapping> all_;
};

}  // namespace forkmap::heap
