// What a child's JavaScript can ask of the native side, and how it is brought to life.
#pragma once

#include <napi.h>

#include <memory>

#include "board.h"
#include "loop/child_loop.h"
#include "napi/boards.h"
#include "snapshot/server.h"

namespace forkmap {

// What a child runs, and where it notes how far it has come. Made in the origin, before the fork.
struct ChildCode {
  ChildCode(const Napi::Object& main, const LentBoard& lent);

  Napi::FunctionReference prepare;            // prepare(inherited, memory, lanes)
  Napi::FunctionReference rehearse;           // rehearse()
  Napi::FunctionReference warm;               // warm(pid); empty where the call has none
  Napi::FunctionReference run;                // run(lane, start, end)
  Napi::Reference<Napi::ArrayBuffer> memory;  // the board, for JavaScript
  std::shared_ptr<Board> board;
  int lanes;
};

// In a forked process, in the prepare phase: all that comes before a chunk and is the same for all siblings. Where they
// are forked from a snapshot it is done there, once: no thread is started by it.
void prepare_in_loop(Napi::Env env, const ChildCode& code);

// In a snapshot that is prepared: what live_in_loop will do in its children, with a chunk that is none.
void rehearse_in_loop(Napi::Env env, const ChildCode& code);

// In a snapshot that is prepared: what the caller wants its children to inherit. Does nothing where that is nothing.
void warm_in_loop(Napi::Env env, const ChildCode& code);

// In a child that was prepared, or whose snapshot was: runs the chunk; the event loop goes on when this returns.
void live_in_loop(Napi::Env env, const ChildCode& code, snapshot::Ticket ticket);

// In a child: prepares and runs the chunk on the stack of the caller (forkMapSync); does not return.
[[noreturn]] void live_on_stack(Napi::Env env, const ChildCode& code, snapshot::Ticket ticket);

// The functions of `binding.child`.
Napi::Object child_functions(Napi::Env env);

bool is_child();

// Where a kept child hears of what it is to do; -1 in others.
int work_socket();

}  // namespace forkmap
