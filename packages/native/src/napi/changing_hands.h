// In the test build only: memory that another thread unmaps and maps while this one reads of it or forks.
#pragma once

#ifdef FORKMAP_FAULTS
#include <napi.h>

namespace forkmap {

// Each gives what was found to be wrong: an empty array.

// changedBeforeHiding(): a hidden range becomes somebody else's, in part or with its neighbours, in the middle of a
// fork.
Napi::Value changed_before_hiding(const Napi::CallbackInfo& info);

// changedWhileFinding(): a visible mapping is unmapped and mapped again, while the hidden ones are looked for.
Napi::Value changed_while_finding(const Napi::CallbackInfo& info);

// goneButListed(): in a list of more and more mappings, those that are not there any more.
Napi::Value gone_but_listed(const Napi::CallbackInfo& info);

}  // namespace forkmap
#endif
