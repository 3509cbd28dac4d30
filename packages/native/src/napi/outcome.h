// An Outcome as a plain JavaScript object (its shape: Outcome in index.ts), and a system error as fields of one.
#pragma once

#include <napi.h>

#include "drive/supervise.h"

namespace forkmap {

Napi::Object to_object(Napi::Env env, const Outcome& outcome);
Napi::Object to_object(Napi::Env env, const SysError& error);  // { errno, syscall }

}  // namespace forkmap
