// Signals that are held back while a call runs, as JavaScript asks for it.
#pragma once

#include <napi.h>

namespace forkmap {

// holdSignals(numbers): () => void, or a SysError
Napi::Value hold_signals(const Napi::CallbackInfo& info);

}  // namespace forkmap
