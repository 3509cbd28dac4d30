#include "frame/writer.h"

#include "sys/calls.h"

namespace forkmap {

Status write_frame(int fd, const Frame& frame) {
  FrameHeader header{kFrameMagic, static_cast<uint32_t>(frame.kind), frame.first, frame.count, frame.payload_bytes};
  Status written = sys::write_all(fd, &header, sizeof header);
  if (!written || frame.payload_bytes == 0) return written;
  return sys::write_all(fd, frame.payload, frame.payload_bytes);
}

}  // namespace forkmap
