// The calls of parMap: open, snapshot, drive (on driver threads), cancel, close.
#pragma once

#include <napi.h>

namespace forkmap {

Napi::Value open_call(const Napi::CallbackInfo& info);            // (lanes): { id, board } | SysError
Napi::Value snapshot_call(const Napi::CallbackInfo& info);        // (id, main, ready: ({ pid, ms } | SysError) => void)
Napi::Value drive_call(const Napi::CallbackInfo& info);           // (id, request): Outcome. Blocks
Napi::Value drive_in_background(const Napi::CallbackInfo& info);  // (id, request, driven: (Outcome) => void)
Napi::Value cancel_call(const Napi::CallbackInfo& info);          // (id)
Napi::Value close_call(const Napi::CallbackInfo& info);           // (id, closed: () => void)

}  // namespace forkmap
