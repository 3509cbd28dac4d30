#include "napi/background.h"

#include <pthread.h>

namespace forkmap {
namespace {

struct Running {
  BackgroundWork work;
  Napi::ThreadSafeFunction wake;
  pthread_t thread{};
  bool has_thread = false;
};

void join(const Running& running) {
  if (running.has_thread) ::pthread_join(running.thread, nullptr);
}

// The environment is torn down while the work goes on.
void abandon(void* data) {
  auto* running = static_cast<Running*>(data);
  if (running->work.cancel) running->work.cancel();
  join(*running);
  delete running;
}

void finish(Napi::Env env, Napi::Function, Running* running) {
  if (static_cast<napi_env>(env) == nullptr) return;  // abandon() has it, or will
  napi_remove_env_cleanup_hook(env, abandon, running);
  join(*running);
  running->wake.Release();
  auto finish = std::move(running->work.finish);
  delete running;
  finish(env);
}

void* run(void* data) {
  auto* running = static_cast<Running*>(data);
  running->work.run();
  running->wake.NonBlockingCall(running, finish);
  return nullptr;
}

}  // namespace

void run_in_background(Napi::Env env, BackgroundWork work) {
  auto* running = new Running{std::move(work), {}};
  auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  running->wake = Napi::ThreadSafeFunction::New(env, nothing, "forkmap", 0, 1);
  napi_add_env_cleanup_hook(env, abandon, running);
  running->has_thread = ::pthread_create(&running->thread, nullptr, run, running) == 0;
  // WHY here then: the child is forked, and somebody must wait for it, though the system has no thread left.
  if (!running->has_thread) run(running);
}

}  // namespace forkmap
