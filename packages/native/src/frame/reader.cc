#include "frame/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <utility>

#include "sys/calls.h"

namespace forkmap {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

FrameReader::~FrameReader() { free(buffer_); }

FrameReader::FrameReader(FrameReader&& other) noexcept
    : start_(other.start_),
      end_(other.end_),
      max_payload_bytes_(other.max_payload_bytes_),
      buffer_(std::exchange(other.buffer_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      used_(std::exchange(other.used_, 0)),
      whole_(std::exchange(other.whole_, 0)),
      spoken_of_(other.spoken_of_),
      broken_first_(other.broken_first_),
      state_(other.state_) {}

bool FrameReader::reserve(size_t bytes) {
  if (bytes <= capacity_) return true;
  size_t capacity = std::max(bytes, capacity_ * 2);
  char* buffer = static_cast<char*>(realloc(buffer_, capacity));
  if (!buffer) return false;
  buffer_ = buffer;
  capacity_ = capacity;
  return true;
}

bool FrameReader::is_well_formed(const FrameHeader& header) const {
  if (header.magic != kFrameMagic) return false;
  if (header.first < start_ || header.count < 0 || header.count > end_ - header.first) return false;
  // WHY: else a child could send the same items for ever, and fill the driver's memory.
  if (spoken_of_ + header.count > end_ - start_) return false;
  switch (static_cast<FrameKind>(header.kind)) {
    case FrameKind::kResults:
      return header.count > 0;
    case FrameKind::kThrown:
    case FrameKind::kFailed:
      return header.count == 1;
    case FrameKind::kNumbers:
    case FrameKind::kUndefineds:
      return header.count > 0 && header.payload_bytes == 0;
    case FrameKind::kEnd:
      return header.first == start_ && header.count == 0 && header.payload_bytes == 0;
  }
  return false;
}

uint64_t FrameReader::limit_of(const FrameHeader& header) const {
  auto kind = static_cast<FrameKind>(header.kind);
  bool is_failure = kind == FrameKind::kThrown || kind == FrameKind::kFailed;
  return is_failure ? std::max<uint64_t>(max_payload_bytes_, kFailureBytes) : max_payload_bytes_;
}

void FrameReader::advance() {
  while (state_ == State::kOpen && used_ - whole_ >= sizeof(FrameHeader)) {
    FrameHeader header;
    memcpy(&header, buffer_ + whole_, sizeof header);
    if (!is_well_formed(header)) {
      state_ = State::kBroken;
    } else if (header.payload_bytes > limit_of(header)) {
      state_ = State::kTooLarge;
      broken_first_ = header.first;
    } else {
      size_t frame_bytes = sizeof header + header.payload_bytes;
      if (used_ - whole_ < frame_bytes) {
        // WHY now: a large payload then arrives without moving what came before again and again.
        if (!reserve(whole_ + frame_bytes + kReadBytes)) state_ = State::kTooLarge;
        return;
      }
      whole_ += frame_bytes;
      spoken_of_ += header.count;
      if (static_cast<FrameKind>(header.kind) == FrameKind::kEnd) state_ = State::kEnded;
    }
  }
  if (state_ == State::kEnded && used_ > whole_) state_ = State::kBroken;  // nothing may follow the end
}

Result<size_t> FrameReader::read_from(int fd) {
  if (!reserve(used_ + kReadBytes)) return SysError{ENOMEM, "read"};
  auto got = sys::read_some(fd, buffer_ + used_, capacity_ - used_);
  if (!got || got.value() == 0) return got;
  used_ += got.value();
  advance();
  return got;
}

}  // namespace forkmap
