#include "napi/measure.h"

#ifdef FORKMAP_FAULTS
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include "fork/fork_lock.h"
#include "heap/fork_visibility.h"
#include "sys/calls.h"
#include "v8/node_platform.h"

namespace forkmap {
namespace {

class NapTask : public v8::Task {
 public:
  explicit NapTask(int ms) : ms_(ms) {}
  void Run() override { std::this_thread::sleep_for(std::chrono::milliseconds(ms_)); }

 private:
  int ms_;
};

}  // namespace

Napi::Value bare_fork(const Napi::CallbackInfo& info) {
  fork_lock::Exclusive lock;
  heap::ForkVisibility visibility;
  if (!visibility.find_hidden() || !visibility.show()) return info.Env().Undefined();
  int64_t began = sys::now_ns();
  pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  (void)sys::reap(pid);
  int64_t ended = sys::now_ns();
  visibility.hide();
  return Napi::Number::New(info.Env(), static_cast<double>(ended - began) / 1e6);
}

Napi::Value occupy_workers(const Napi::CallbackInfo& info) {
  auto* platform = node_platform::current();
  int ms = info[0].As<Napi::Number>().Int32Value();
  for (int i = 0; i < node_platform::worker_threads(platform); i++) {
    node_platform::post(platform, std::make_unique<NapTask>(ms));
  }
  return info.Env().Undefined();
}

}  // namespace forkmap
#endif
