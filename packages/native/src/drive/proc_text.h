// Small files of /proc, whole, without allocation.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <cstdint>
#include <optional>

#include "sys/calls.h"

namespace forkmap::proc {

// The start of a file, as a C string. Empty when the process is gone.
struct Text {
  char chars[4096];
  bool is_whole = false;  // there is no more of it

  explicit Text(const char* path) {
    chars[0] = '\0';
    UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file) return;
    size_t used = 0;
    while (used < sizeof chars - 1 && !is_whole) {
      auto got = sys::read_some(file.get(), chars + used, sizeof chars - 1 - used);
      if (!got) break;
      is_whole = got.value() == 0;
      used += got.value();
    }
    chars[used] = '\0';
  }

  bool has(const char* text) const { return strstr(chars, text) != nullptr; }

  // The number behind `key` ("RssAnon:"), as it stands.
  std::optional<uint64_t> number(const char* key, int base = 10) const {
    const char* at = strstr(chars, key);
    if (!at) return std::nullopt;
    return strtoull(at + strlen(key), nullptr, base);
  }
};

}  // namespace forkmap::proc
