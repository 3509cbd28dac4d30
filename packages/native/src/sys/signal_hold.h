// Holds signals back: they are noted instead of handled, and delivered when the last who held them lets go.
// WHY not the signal mask: it is a thread's own. A signal that is sent to the process goes to any thread that does not
// block it, and V8's and libuv's threads block none; with the default action it ends the process from there.
#pragma once

#include "sys/result.h"

namespace forkmap::signal_hold {

// May be called several times for one signal, on any thread, each to be followed by let_go().
Status hold(int number);
void let_go(int number);

// FORK-SAFE: stores only. A child holds nothing back: its handlers were reset.
void reset_in_child();

}  // namespace forkmap::signal_hold
