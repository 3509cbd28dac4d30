// What belongs to an environment: to one JavaScript thread, of one process.
#pragma once

#include <napi.h>
#include <unistd.h>

namespace forkmap {

// For a thread_local: empty again in a child, to whom what it inherits does not belong.
template <class T>
class OfThisProcess {
 public:
  T& get() {
    if (owner_ != ::getpid()) {
      value_ = {};
      owner_ = ::getpid();
    }
    return value_;
  }

 private:
  pid_t owner_ = 0;
  T value_;
};

// Has `act` called when the environment ends: once, however often this is called.
template <void (*act)(void*)>
void at_end_of(Napi::Env env) {
  static thread_local napi_env known = nullptr;
  if (known == static_cast<napi_env>(env)) return;
  known = env;
  napi_add_env_cleanup_hook(env, act, nullptr);
}

}  // namespace forkmap
