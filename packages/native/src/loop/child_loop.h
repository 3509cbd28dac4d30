// Makes the inherited event loop the child's own, and takes the origin's life out of it.
#pragma once

#include <uv.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "sys/result.h"

namespace forkmap::child_loop {

// Prepare, in the origin: whether this libuv keeps its loop as the addon takes it to, which writes to private fields of
// it. They are a part of libuv's binary interface since 1.0, but not promised to stay.
bool is_laid_out_as_known(const uv_loop_t* loop);

// Prepare, in the origin: the pipes that its loop watches (sockets are found in the child by their kind).
std::vector<int> watched_pipes(uv_loop_t* loop);

// Prepare, in the origin: descriptors by which its loop reads the terminal, where that is its standard input. WHY:
// libuv opens a terminal anew, beside descriptor 0.
std::vector<int> terminal_inputs(uv_loop_t* loop);

// What is found in the loop, as bits of protocol.h's Inherited.
uint32_t inherited(uv_loop_t* loop);

// Run, in a child, before adopt_in_child: whether a thread had sent something that the origin's loop had not yet heard.
bool has_wake_ups(uv_loop_t* loop);

// Run, in a child, before any JavaScript: after this the loop has descriptors of its own, nothing that the origin had
// begun (requests, closing handles, watchers, signals) ends or is heard here, and nothing of it keeps the loop alive.
Status adopt_in_child(uv_loop_t* loop);

// Run, in a child of a snapshot whose loop is its own: the same for this one.
Status renew_in_child(uv_loop_t* loop);

// What a loop has begun and not ended: kRequestsPending where requests or immediates are pending, kStreamsOpen where a
// stream that keeps the loop alive is open.
enum PendingWork : uint32_t { kRequestsPending = 1, kStreamsOpen = 2 };
uint32_t pending_work(uv_loop_t* loop);

// How often descriptors have woken the loop. Nothing where it has work for its next turn, or a timer that is not of
// JavaScript's.
std::optional<uint64_t> wake_ups(uv_loop_t* loop);

// Whether anything but timers keeps the loop alive. WHY: the origin's timers never fire in a child, but are there.
bool is_kept_alive_by_more_than_timers(uv_loop_t* loop);

}  // namespace forkmap::child_loop
