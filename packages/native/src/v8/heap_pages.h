// Which memory is V8's heap, and nothing but that.
//
// A page of the heap begins at a multiple of its size and says so itself: in its header, or in what its header points
// to, stand its address, its size and the heap it belongs to. Where, is learned from a page that is known to be one.
#pragma once

#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "heap/mappings.h"

namespace forkmap::v8_heap {

class HeapPages {
 public:
  // Nothing where this V8 is not as we know it.
  static std::optional<HeapPages> learn(v8::Local<v8::Context> context, const std::vector<heap::Mapping>& mappings);

  // Whether all of the mapping is pages of this heap. WHY it matters: other memory of V8's, such as that of a resizable
  // ArrayBuffer, is let go of by its owner, and has to be zero when it is used again.
  bool covers(const heap::Mapping& mapping) const;

 private:
  explicit HeapPages(const std::vector<heap::Mapping>& mappings) : mappings_(mappings) {}
  bool find_fields(uintptr_t page, uintptr_t isolate);
  const uintptr_t* description_of(uintptr_t page) const;
  bool is_readable(uintptr_t address) const;

  const std::vector<heap::Mapping>& mappings_;
  bool is_apart_ = false;  // the description is where the header's second word points to
  size_t address_at_ = 0;  // words of the description: the page's address, behind which is its size…
  size_t heap_at_ = 0;     // …and its heap
  uintptr_t heap_ = 0;
};

}  // namespace forkmap::v8_heap
