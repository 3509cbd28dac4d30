#include "v8/foreground.h"

#include <v8.h>

namespace forkmap::v8_foreground {
namespace {

// WHY so: Node's queue has no way to empty it, but lets go of every task while the execution of JavaScript is being
// terminated. SOURCE: node 20 to 26, src/node_platform.cc, PerIsolatePlatformData::RunForegroundTask.
//
// WHY Node-API's own functions, and not the classes above them: these make an object of every error, which cannot be
// done meanwhile.
napi_value drop(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_value script = nullptr, result = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  napi_create_string_utf8(env, "void 0", NAPI_AUTO_LENGTH, &script);
  auto* platform = static_cast<node_platform::Platform*>(data);
  auto* isolate = v8::Isolate::GetCurrent();
  isolate->TerminateExecution();
  bool has_run = napi_run_script(env, script, &result) == napi_ok;
  if (!has_run && isolate->IsExecutionTerminating()) {
    while (node_platform::flush(platform, isolate)) {
    }
  }
  isolate->CancelTerminateExecution();
  (void)napi_get_and_clear_last_exception(env, &result);
  return nullptr;
}

}  // namespace

void drop_in_child(napi_env env, node_platform::Platform* platform) {
  // WHY in a function: termination lasts only as long as something is on the stack that it ends.
  napi_value global, function, result;
  if (napi_get_global(env, &global) != napi_ok) return;
  if (napi_create_function(env, "drop", NAPI_AUTO_LENGTH, drop, platform, &function) != napi_ok) return;
  (void)napi_call_function(env, global, function, 0, nullptr, &result);
}

}  // namespace forkmap::v8_foreground
