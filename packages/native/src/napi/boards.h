// Boards, as this environment's JavaScript sees them, used again by one call after the other.
#pragma once

#include <napi.h>

#include <memory>

#include "board.h"

namespace forkmap {

// WHY not one per call: JavaScript's part of it is only let go of by the collector, until which there would be a
// mapping per call, and every fork copies them all. And not detached: V8 makes slower code for all typed arrays from
// the first buffer on that was.
struct LentBoard {
  std::shared_ptr<Board> board;
  Napi::Reference<Napi::ArrayBuffer> memory;
};

// One that nobody uses: all zeros, but for its spills.
Result<std::shared_ptr<LentBoard>> borrow_board(Napi::Env env, int lanes, bool has_spills);

// No process or thread uses it any more, and JavaScript reads nothing of it that it would believe.
void give_back(std::shared_ptr<LentBoard> lent);

}  // namespace forkmap
