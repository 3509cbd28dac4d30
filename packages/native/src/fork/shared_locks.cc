#include "fork/shared_locks.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <time.h>

#include <cstddef>
#include <initializer_list>

namespace forkmap {
namespace {

template <class F>
F found(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_DEFAULT, name));
}

// SOURCE: OpenSSL 3, RAND_bytes(3), EVP_Digest(3), EVP_PKEY_Q_keygen(3). WHY looked up: a Node that was built without
// OpenSSL has none of them, and is served all the same.
void take_openssl() {
  unsigned char bytes[64];
  for (const char* name : {"RAND_bytes", "RAND_priv_bytes"}) {
    if (auto draw = found<int (*)(unsigned char*, int)>(name)) draw(bytes, 16);
  }
  using Digest = int (*)(const void*, size_t, unsigned char*, unsigned*, const void*, void*);
  auto digest = found<Digest>("EVP_Digest");
  auto sha256 = found<const void* (*)()>("EVP_sha256");
  if (digest && sha256) digest("forkmap", 7, bytes, nullptr, sha256(), nullptr);
  auto make_key = found<void* (*)(void*, const char*, const char*, ...)>("EVP_PKEY_Q_keygen");
  auto free_key = found<void (*)(void*)>("EVP_PKEY_free");
  if (make_key && free_key) free_key(make_key(nullptr, nullptr, "ED25519"));
}

void take_allocator() {
  for (size_t bytes : {size_t{48}, size_t{1} << 12, size_t{1} << 18}) {
    void* volatile memory = ::malloc(bytes);
    ::free(memory);
  }
}

}  // namespace

void take_shared_locks() {
  take_allocator();
  ::dl_iterate_phdr([](dl_phdr_info*, size_t, void*) { return 0; }, nullptr);
  time_t now = ::time(nullptr);
  struct tm local;
  ::localtime_r(&now, &local);
  take_openssl();
}

}  // namespace forkmap
