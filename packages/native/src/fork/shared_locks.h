// The locks that all threads of a process share: one that another thread was in the middle of at a fork stays so in the
// child, which then waits for it for ever, or spins.
#pragma once

namespace forkmap {

// Share: takes and lets go of those that can be named: OpenSSL's, by random numbers, a digest and a key; the
// allocator's, the loader's, that of the time zone. Does not return where one of them cannot be had.
// WHY OpenSSL's by what is done with it: they have no names of their own.
void take_shared_locks();

}  // namespace forkmap
