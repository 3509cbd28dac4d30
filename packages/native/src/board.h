// The shared memory of one call, in pages that origin, drivers and children all see: a slot per lane, then, for a map,
// a spill per lane.
#pragma once

#include <string.h>

#include <cstddef>
#include <utility>

#include "protocol.h"
#include "sys/calls.h"

namespace forkmap {

class Board {
 public:
  static Result<Board> make(int lanes, bool has_spills) {
    size_t bytes = static_cast<size_t>(lanes) * (sizeof(BoardSlot) + (has_spills ? sizeof(Spill) : 0));
    auto memory = sys::map_shared(bytes);
    if (!memory) return memory.error();
    Board board;
    board.slots_ = static_cast<BoardSlot*>(memory.value());
    board.bytes_ = bytes;
    board.lanes_ = lanes;
    if (has_spills) board.spills_ = reinterpret_cast<Spill*>(board.slots_ + lanes);
    return board;
  }
  Board() = default;
  Board(Board&& other) noexcept
      : slots_(std::exchange(other.slots_, nullptr)),
        spills_(other.spills_),
        bytes_(other.bytes_),
        lanes_(other.lanes_) {}
  Board& operator=(Board&& other) noexcept {
    std::swap(slots_, other.slots_);
    std::swap(spills_, other.spills_);
    std::swap(bytes_, other.bytes_);
    std::swap(lanes_, other.lanes_);
    return *this;
  }
  ~Board() {
    if (slots_) sys::unmap(slots_, bytes_);
  }

  // As it was when it was made. WHY not the spills: what is not counted in a slot is not read.
  void clear() { memset(static_cast<void*>(slots_), 0, static_cast<size_t>(lanes_) * sizeof(BoardSlot)); }

  // WHY volatile: another process stores to it; a plain load must not be kept in a register.
  volatile BoardSlot& slot(int lane) const { return slots_[lane]; }
  Spill* spill(int lane) const { return spills_ ? spills_ + lane : nullptr; }
  void* memory() const { return slots_; }
  size_t bytes() const { return bytes_; }
  int lanes() const { return lanes_; }
  bool has_spills() const { return spills_ != nullptr; }

 private:
  BoardSlot* slots_ = nullptr;
  Spill* spills_ = nullptr;
  size_t bytes_ = 0;
  int lanes_ = 0;
};

}  // namespace forkmap
