#include "napi/background.h"

#include <uv.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "napi/environment.h"

namespace forkmap {
namespace {

// WHY kept at all: a thread that starts or ends maps or unmaps its stack, for which all others are interrupted; chunks
// may take less time than that.
constexpr auto kIdleFor = std::chrono::seconds(1);

// A thread, and its way back to the JavaScript thread that it works for, where all but `run` is called.
class Thread {
 public:
  static Thread* make(Napi::Env env);
  // False where it has ended meanwhile: it had nothing to do for too long.
  bool take(Napi::Env env, BackgroundWork& work);
  void dispose();

 private:
  static void run(void* self);
  bool await_work();
  static void finish(Napi::Env env, Napi::Function, Thread* self);
  static void abandon(void* self);
  void end();

  napi_env env_ = nullptr;
  Napi::ThreadSafeFunction wake_;
  uv_thread_t thread_{};
  bool has_thread_ = false;
  BackgroundWork work_;  // the thread's, from take() to finish()
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_work_ = false;
  bool should_end_ = false;
  bool has_ended_ = false;
};

// WHY of this process: a child has none of the origin's threads.
std::vector<Thread*>& idle_threads() {
  static thread_local OfThisProcess<std::vector<Thread*>> idle;
  return idle.get();
}

Thread* Thread::make(Napi::Env env) {
  auto* thread = new Thread;
  auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  thread->env_ = env;
  thread->wake_ = Napi::ThreadSafeFunction::New(env, nothing, "forkmap", 0, 1);
  thread->wake_.Unref(env);
  // INVARIANT: after `wake_` was made: hooks run in the reverse order, and the thread must have ended by then.
  napi_add_env_cleanup_hook(env, abandon, thread);
  thread->has_thread_ = uv_thread_create(&thread->thread_, run, thread) == 0;
  return thread;
}

bool Thread::take(Napi::Env env, BackgroundWork& work) {
  {
    std::lock_guard lock(mutex_);
    if (has_ended_) return false;
    work_ = std::move(work);
    has_work_ = has_thread_;
  }
  wake_.Ref(env);
  if (has_thread_) {
    changed_.notify_one();
  } else {
    // WHY here then: the child is forked, and somebody must wait for it, though the system has no thread left.
    work_.run();
    wake_.NonBlockingCall(this, finish);
  }
  return true;
}

// WHY a thread of libuv's: a C library may give one of its own a stack of 128 KiB.
void Thread::run(void* data) {
  auto* self = static_cast<Thread*>(data);
  while (self->await_work()) {
    self->work_.run();
    self->wake_.NonBlockingCall(self, finish);
  }
}

bool Thread::await_work() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kIdleFor, [this] { return has_work_ || should_end_; });
  // WHY whether or not it should end: what was taken has a child that somebody must reap.
  has_ended_ = !has_work_;
  has_work_ = false;
  return !has_ended_;
}

void Thread::finish(Napi::Env env, Napi::Function, Thread* self) {
  if (static_cast<napi_env>(env) == nullptr) return;  // abandon() has it, or will
  auto finish = std::move(self->work_.finish);
  self->work_ = {};
  self->wake_.Unref(env);
  if (self->has_thread_) {
    idle_threads().push_back(self);
  } else {
    self->dispose();
  }
  finish(env);
}

void Thread::end() {
  {
    std::lock_guard lock(mutex_);
    should_end_ = true;
  }
  changed_.notify_one();
  if (has_thread_) uv_thread_join(&thread_);
}

void Thread::dispose() {
  end();
  napi_remove_env_cleanup_hook(env_, abandon, this);
  wake_.Release();
  delete this;
}

// The environment is torn down, maybe while the work goes on.
void Thread::abandon(void* data) {
  auto* self = static_cast<Thread*>(data);
  std::erase(idle_threads(), self);
  if (self->work_.cancel) self->work_.cancel();
  self->end();
  delete self;
}

}  // namespace

void run_in_background(Napi::Env env, BackgroundWork work) {
  auto& idle = idle_threads();
  for (;;) {
    Thread* thread;
    if (idle.empty()) {
      thread = Thread::make(env);
    } else {
      thread = idle.back();
      idle.pop_back();
    }
    if (thread->take(env, work)) return;
    thread->dispose();
  }
}

}  // namespace forkmap
