// What a child's JavaScript can ask of the native side, and how it is brought to life.
#pragma once

#include <napi.h>

#include <memory>

#include "board.h"
#include "loop/child_loop.h"
#include "snapshot/server.h"

namespace forkmap {

struct ChildLife {
  snapshot::Ticket ticket;
  std::shared_ptr<Board> board;
};

// In a child: main(start, end, slot: ArrayBuffer). On the stack of the caller (forkMapSync); does not return.
[[noreturn]] void live_on_stack(const Napi::Function& main, ChildLife life);

// In a child: the same from the event loop, which goes on when this returns.
void live_in_loop(const Napi::Function& main, ChildLife life);

// The functions of `binding.child`.
Napi::Object child_functions(Napi::Env env);

bool is_child();

}  // namespace forkmap
