// The child's end of a result pipe.
#pragma once

#include <cstdint>

#include "protocol.h"
#include "sys/result.h"

namespace forkmap {

struct Frame {
  FrameKind kind;
  int32_t first;
  int32_t count;
  const void* payload;
  uint64_t payload_bytes;
};

Status write_frame(int fd, const Frame& frame);

}  // namespace forkmap
