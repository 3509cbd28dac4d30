// Where a fork happens: the platform, and the event loop.
#pragma once

#include <napi.h>
#include <uv.h>

#include "drive/healthy_fork.h"
#include "fork/child_window.h"
#include "fork/own_channels.h"
#include "loop/child_loop.h"

namespace forkmap {

inline uv_loop_t* loop_of(Napi::Env env) {
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  return loop;
}

inline LiveFork live_fork_of(Napi::Env env) {
  LiveFork plan{};
  plan.platform = node_platform::current();
  plan.watched = child_loop::watched_pipes(loop_of(env));
  plan.inputs = child_loop::terminal_inputs(loop_of(env));
  plan.channels = own_channels();
  return plan;
}

// Whether the environment is being torn down: then it runs no JavaScript any more. For threads that block in here.
inline bool is_stopping(void* data) {
  auto env = static_cast<napi_env>(data);
  Napi::HandleScope scope(env);
  napi_value script, result;
  bool has_run = napi_create_string_utf8(env, "true", NAPI_AUTO_LENGTH, &script) == napi_ok &&
                 napi_run_script(env, script, &result) == napi_ok;
  return !has_run;
}

// Whether the environment runs no JavaScript any more, without running some: nothing is asked but a plain object.
inline bool is_stopped(napi_env env) {
  napi_value object;
  bool has_element;
  return napi_create_object(env, &object) != napi_ok || napi_has_element(env, object, 0, &has_element) != napi_ok;
}

// V8's background work may itself wait for this thread to collect garbage; running a little JavaScript lets it.
inline Result<pid_t> live_fork_patiently(Napi::Env env, const LiveFork& plan) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; attempt++) {
    auto forked = healthy_fork(plan);
    // WHY: a worker thread may be terminated at any time; its child could not even say that it has failed.
    if (forked && forked.value() == 0 && is_stopped(env)) leave(1);
    bool was_restless = !forked && forked.error().number == ETIMEDOUT;
    if (!was_restless || attempt == kAttempts) return forked;
    env.RunScript("void 0");
  }
}

}  // namespace forkmap
