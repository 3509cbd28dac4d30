// The driver's end of a result pipe: whole, well-formed frames or an error. What a child writes is not trusted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol.h"
#include "sys/result.h"

namespace forkmap {

// Collects frames one after the other in one buffer, headers included, as JavaScript will walk them.
class FrameReader {
 public:
  enum class State { kOpen, kEnded, kBroken, kTooLarge };

  // Frames may speak of items [start, end) only, of no more than there are, and one payload has at most
  // `max_payload_bytes`.
  FrameReader(int32_t start, int32_t end, uint64_t max_payload_bytes)
      : start_(start), end_(end), max_payload_bytes_(max_payload_bytes) {}
  ~FrameReader();
  FrameReader(FrameReader&& other) noexcept;
  FrameReader& operator=(FrameReader&&) = delete;

  // Reads what is there. 0 bytes: end of file. EAGAIN: nothing there now.
  Result<size_t> read_from(int fd);

  State state() const { return state_; }
  const char* data() const { return buffer_; }
  size_t whole_bytes() const { return whole_; }           // of complete frames
  bool has_partial() const { return used_ > whole_; }     // a frame was begun and not ended
  int32_t broken_first() const { return broken_first_; }  // the item of the frame that was too large

 private:
  bool reserve(size_t bytes);
  void advance();
  bool is_well_formed(const FrameHeader& header) const;
  uint64_t limit_of(const FrameHeader& header) const;  // of its payload, in bytes

  int32_t start_;
  int32_t end_;
  uint64_t max_payload_bytes_;
  char* buffer_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;
  size_t whole_ = 0;
  int64_t spoken_of_ = 0;  // items, over all frames
  int32_t broken_first_ = -1;
  State state_ = State::kOpen;
};

}  // namespace forkmap
