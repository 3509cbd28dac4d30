#include "heap/huge_code.h"

#include <string.h>
#include <sys/mman.h>

#include "fork/child_window.h"
#include "heap/mappings.h"
#include "sys/calls.h"
#include "sys/huge_pages.h"

namespace forkmap::heap {
namespace {

using sys::kHugePageBytes;

constexpr int kCode = PROT_READ | PROT_EXEC;
// WHY a bound: as much is saved by a hundred forks. It is passed where room has to be made for huge pages.
constexpr int64_t kMostNs = 10'000'000;

struct Range {
  uintptr_t start = 0;
  size_t bytes = 0;
};

// What a mapping of a file's code has of whole huge pages.
Range whole_pages_of(const Mapping& mapping) {
  if (!mapping.is_private || !mapping.is_file || mapping.protection != kCode) return {};
  uintptr_t start = sys::round_up_to_huge_page(mapping.start);
  uintptr_t end = mapping.end & ~(kHugePageBytes - 1);
  if (end <= start) return {};
  return {start, end - start};
}

// Node's is larger than any library's, and than any addon's.
Range find_code() {
  MappingTable table;
  Range largest;
  if (!table.read(kOwnMaps)) return largest;
  for (const Mapping& mapping : table.all()) {
    Range range = whole_pages_of(mapping);
    if (range.bytes > largest.bytes) largest = range;
  }
  return largest;
}

// WHY asked before: once the code is gone from its place, there is no way back.
bool may_execute(int file, size_t bytes) {
  void* mapped = ::mmap(nullptr, bytes, kCode, MAP_PRIVATE, file, 0);
  if (mapped == MAP_FAILED) return false;
  sys::unmap(mapped, bytes);
  return true;
}

// Whether there is anything at that place. SOURCE: mincore(2), ENOMEM
bool is_there(uintptr_t page) {
  unsigned char residence;
  return ::mincore(reinterpret_cast<void*>(page), 1, &residence) == 0;
}

}  // namespace

void move_code_to_huge_pages_or_leave(uint64_t budget_bytes) {
  Range code = find_code();
  if (code.bytes == 0 || code.bytes > budget_bytes) return;
  auto file = sys::make_memory_file(code.bytes);
  if (!file || !may_execute(file.value().get(), code.bytes)) return;
  auto copy = sys::map_for_huge_pages(code.bytes, file.value().get());
  if (!copy) return;
  bool is_taken = sys::take_huge_pages(copy.value(), code.bytes, sys::now_ns() + kMostNs) == code.bytes;
  if (is_taken) memcpy(copy.value(), reinterpret_cast<void*>(code.start), code.bytes);
  sys::unmap(copy.value(), code.bytes);
  if (!is_taken || sys::map_private(code.start, code.bytes, kCode, file.value().get(), 0)) return;
  if (!is_there(code.start)) leave(1);
}

}  // namespace forkmap::heap
