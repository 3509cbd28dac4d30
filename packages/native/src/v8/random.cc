#include "v8/random.h"

#include <string.h>
#include <sys/random.h>

#include <cstdint>

namespace forkmap::v8_random {
namespace {

using Address = uintptr_t;

// SOURCE: V8, src/numbers/math-random.cc and src/objects/contexts.h: three neighbouring slots of the native context
// hold the index (a Smi: how many numbers of the cache are left), the state (a ByteArray of two 64-bit words) and the
// cache (a FixedDoubleArray of 64). Without pointer compression, as Node is built, a Smi is in the upper half.
constexpr uint32_t kCacheLength = 64;
constexpr uint32_t kStateBytes = 16;
constexpr size_t kWord = sizeof(Address);
constexpr size_t kBody = 2 * kWord;  // after an array's map and its length

bool is_smi(Address word) { return (word & 0xffffffff) == 0; }
bool is_heap_object(Address word) { return (word & 3) == 1; }
Address load(Address object, size_t offset) { return *reinterpret_cast<Address*>(object - 1 + offset); }

bool has_length(Address object, uint32_t length) {
  if (!is_heap_object(object)) return false;
  Address word = load(object, kWord);
  return word == Address{length} << 32 || word == length;
}

bool is_cache(Address object, Address left) {
  if (!has_length(object, kCacheLength)) return false;
  for (size_t i = 0; i < left; i++) {
    double number;
    memcpy(&number, reinterpret_cast<void*>(object - 1 + kBody + i * sizeof number), sizeof number);
    if (!(number >= 0 && number < 1)) return false;
  }
  return true;
}

}  // namespace

bool reseed_in_child(v8::Local<v8::Context> handle) {
  static_assert(sizeof(Address) == 8);
  Address context;  // a handle points to a slot that holds the tagged pointer
  memcpy(&context, *handle, sizeof context);
  Address length_word = load(context, kWord);
  size_t length = is_smi(length_word) ? length_word >> 32 : length_word;
  if (length < 32 || length > 4096) return false;
  for (size_t i = 0; i + 2 < length; i++) {
    size_t offset = kBody + i * kWord;
    Address left = load(context, offset);
    Address state = load(context, offset + kWord);
    Address cache = load(context, offset + 2 * kWord);
    if (!is_smi(left) || left >> 32 > kCacheLength) continue;
    if (!has_length(state, kStateBytes) || !is_cache(cache, left >> 32)) continue;

    uint64_t fresh[2];
    if (::getrandom(fresh, sizeof fresh, 0) != sizeof fresh) return false;
    memcpy(reinterpret_cast<void*>(state - 1 + kBody), fresh, sizeof fresh);
    *reinterpret_cast<Address*>(context - 1 + offset) = 0;  // none left: the next draw refills from the fresh state
    return true;
  }
  return false;
}

}  // namespace forkmap::v8_random
