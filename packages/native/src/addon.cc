// The export table, and nothing else.
#include <napi.h>

#include "keep/origin.h"
#include "napi/calls.h"
#include "napi/changing_hands.h"
#include "napi/child.h"
#include "napi/classes.h"
#include "napi/constants.h"
#include "napi/faults.h"
#include "napi/forks.h"
#include "napi/measure.h"
#include "napi/memory.h"
#include "napi/signals.h"
#include "napi/trial.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("protocol", forkmap::protocol_constants(env));
  exports.Set("keep", forkmap::keep::origin_functions(env));
  exports.Set("child", forkmap::child_functions(env));
  exports.Set("whyUnfit", Napi::Function::New(env, forkmap::why_unfit));
  exports.Set("forkSync", Napi::Function::New(env, forkmap::fork_sync));
  exports.Set("fork", Napi::Function::New(env, forkmap::fork_async));
  exports.Set("openCall", Napi::Function::New(env, forkmap::open_call));
  exports.Set("snapshot", Napi::Function::New(env, forkmap::snapshot_call));
  exports.Set("driveInBackground", Napi::Function::New(env, forkmap::drive_in_background));
  exports.Set("drive", Napi::Function::New(env, forkmap::drive_call));
  exports.Set("cancel", Napi::Function::New(env, forkmap::cancel_call));
  exports.Set("clearMemory", Napi::Function::New(env, forkmap::clear_memory));
  exports.Set("shareMemory", Napi::Function::New(env, forkmap::share_memory));
  exports.Set("mapAhead", Napi::Function::New(env, forkmap::map_ahead));
  exports.Set("holdSignals", Napi::Function::New(env, forkmap::hold_signals));
  exports.Set("representatives", Napi::Function::New(env, forkmap::representatives));
  exports.Set("closeCall", Napi::Function::New(env, forkmap::close_call));
#ifdef FORKMAP_FAULTS
  exports.Set("faults", forkmap::fault_functions(env));
  exports.Set("bareFork", Napi::Function::New(env, forkmap::bare_fork));
  exports.Set("tryAsNode", Napi::Function::New(env, forkmap::try_as_node));
  exports.Set("occupyWorkers", Napi::Function::New(env, forkmap::occupy_workers));
  exports.Set("changedBeforeHiding", Napi::Function::New(env, forkmap::changed_before_hiding));
  exports.Set("changedWhileFinding", Napi::Function::New(env, forkmap::changed_while_finding));
  exports.Set("goneButListed", Napi::Function::New(env, forkmap::gone_but_listed));
#endif
  return exports;
}

}  // namespace

NODE_API_MODULE(forkmap, init)
