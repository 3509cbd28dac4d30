#include "v8/heap_pages.h"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>

namespace forkmap::v8_heap {
namespace {

// SOURCE: V8, src/heap/memory-chunk-layout.h and mutable-page-metadata.h (Node 20 to 26): a page of ordinary objects
// has 256 KiB; one of a large object begins at a multiple of that.
constexpr uintptr_t kPageBytes = 256 * 1024;
constexpr size_t kWords = 16;                    // of a description that are looked at
constexpr uintptr_t kIsolateBytes = 512 * 1024;  // the heap is a part of its isolate

uintptr_t page_of(v8::Local<v8::Value> object) {
  uintptr_t address;  // a handle points to a slot that holds the tagged pointer
  memcpy(&address, *object, sizeof address);
  return address & ~(kPageBytes - 1);
}

}  // namespace

std::optional<HeapPages> HeapPages::learn(v8::Local<v8::Context> context, const std::vector<heap::Mapping>& mappings) {
  HeapPages pages(mappings);
  auto isolate = reinterpret_cast<uintptr_t>(v8::Isolate::GetCurrent());
  uintptr_t known = page_of(context->Global());
  if (!pages.is_readable(known)) return std::nullopt;
  for (bool is_apart : {false, true}) {
    pages.is_apart_ = is_apart;
    if (pages.find_fields(known, isolate)) return pages;
  }
  return std::nullopt;
}

bool HeapPages::find_fields(uintptr_t page, uintptr_t isolate) {
  const uintptr_t* words = description_of(page);
  if (!words) return false;
  size_t address = 0, heap = 0;
  while (address < kWords && !(words[address] == page && words[address + 1] == kPageBytes)) address++;
  while (heap < kWords && !(words[heap] > isolate && words[heap] < isolate + kIsolateBytes)) heap++;
  if (address == kWords || heap == kWords) return false;
  address_at_ = address;
  heap_at_ = heap;
  heap_ = words[heap];
  return true;
}

const uintptr_t* HeapPages::description_of(uintptr_t page) const {
  const auto* header = reinterpret_cast<const uintptr_t*>(page);
  if (!is_apart_) return header;
  bool is_pointer = header[1] % alignof(uintptr_t) == 0 && is_readable(header[1]);
  return is_pointer ? reinterpret_cast<const uintptr_t*>(header[1]) : nullptr;
}

// With what a description has of words behind it.
bool HeapPages::is_readable(uintptr_t address) const {
  auto above = [](uintptr_t at, const heap::Mapping& mapping) { return at < mapping.end; };
  auto found = std::upper_bound(mappings_.begin(), mappings_.end(), address, above);
  return found != mappings_.end() && found->start <= address &&
         address + (kWords + 1) * sizeof(uintptr_t) <= found->end && (found->protection & PROT_READ);
}

bool HeapPages::covers(const heap::Mapping& mapping) const {
  uintptr_t page = mapping.start;
  while (page < mapping.end) {
    if (page % kPageBytes != 0) return false;
    const uintptr_t* words = description_of(page);
    if (!words || words[address_at_] != page || words[heap_at_] != heap_) return false;
    uintptr_t bytes = words[address_at_ + 1];
    if (bytes == 0 || bytes > UINTPTR_MAX / 2) return false;
    page += (bytes + kPageBytes - 1) & ~(kPageBytes - 1);
  }
  return true;
}

}  // namespace forkmap::v8_heap
