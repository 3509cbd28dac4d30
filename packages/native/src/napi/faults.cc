#include "napi/faults.h"

#ifdef FORKMAP_FAULTS
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include <algorithm>

#include "frame/reader.h"
#include "sys/calls.h"
#include "sys/fault.h"

namespace forkmap {
namespace {

int32_t int_of(const Napi::Value& value) { return value.As<Napi::Number>().Int32Value(); }

// plan(call, nth, errno): the nth call of that kind from now on fails, here and in whatever is forked from here
void plan(const Napi::CallbackInfo& info) {
  fault::plan(static_cast<fault::Call>(int_of(info[0])), int_of(info[1]), int_of(info[2]));
}

void clear(const Napi::CallbackInfo&) { fault::clear(); }

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
sem_t lock_is_held;
sem_t lock_may_go;

void* hold(void*) {
  ::pthread_mutex_lock(&lock);
  ::sem_post(&lock_is_held);
  while (::sem_wait(&lock_may_go) < 0) {
  }
  ::pthread_mutex_unlock(&lock);
  return nullptr;
}

// holdLock(): a thread of its own takes the lock, and keeps it. Gives back how to let it go.
Napi::Value hold_lock(const Napi::CallbackInfo& info) {
  ::sem_init(&lock_is_held, 0, 0);
  ::sem_init(&lock_may_go, 0, 0);
  auto* thread = new pthread_t;
  ::pthread_create(thread, nullptr, hold, nullptr);
  ::pthread_setname_np(*thread, "lock-holder");
  while (::sem_wait(&lock_is_held) < 0) {
  }
  return Napi::Function::New(info.Env(), [thread](const Napi::CallbackInfo&) {
    ::sem_post(&lock_may_go);
    ::pthread_join(*thread, nullptr);
    delete thread;
  });
}

// takeLock(): waits for the lock; in a child that was forked while a thread held it, for ever.
void take_lock(const Napi::CallbackInfo&) {
  ::pthread_mutex_lock(&lock);
  ::pthread_mutex_unlock(&lock);
}

class LockTaker : public Napi::AsyncWorker {
 public:
  explicit LockTaker(Napi::Env env) : AsyncWorker(env), deferred_(env) {}
  Napi::Promise promise() const { return deferred_.Promise(); }
  void Execute() override {
    ::pthread_mutex_lock(&lock);
    ::pthread_mutex_unlock(&lock);
  }
  void OnOK() override { deferred_.Resolve(Env().Undefined()); }

 private:
  Napi::Promise::Deferred deferred_;
};

// takeLockElsewhere(): the same on a thread of libuv's pool, as a native library's asynchronous function does it.
Napi::Value take_lock_elsewhere(const Napi::CallbackInfo& info) {
  auto* taker = new LockTaker(info.Env());
  taker->Queue();
  return taker->promise();
}

const char* name_of(FrameReader::State state) {
  static constexpr const char* kNames[] = {"open", "ended", "broken", "tooLarge"};
  return kNames[static_cast<int>(state)];
}

// readFrames(bytes, { start, end, maxPayloadBytes, pieceBytes }): what a driver makes of a child that writes `bytes`,
// so many at a time, and closes its pipe.
Napi::Value read_frames(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto bytes = info[0].As<Napi::Uint8Array>();
  auto options = info[1].As<Napi::Object>();
  FrameReader frames(int_of(options.Get("start")), int_of(options.Get("end")),
                     static_cast<uint64_t>(options.Get("maxPayloadBytes").As<Napi::Number>().Int64Value()));
  auto piece_bytes = static_cast<size_t>(int_of(options.Get("pieceBytes")));
  auto pipe = sys::make_pipe();
  if (!pipe || !sys::set_nonblocking(pipe.value().read.get())) return env.Undefined();
  for (size_t at = 0; at < bytes.ByteLength() && frames.state() == FrameReader::State::kOpen; at += piece_bytes) {
    size_t piece = std::min(piece_bytes, bytes.ByteLength() - at);
    (void)sys::write_all(pipe.value().write.get(), bytes.Data() + at, piece);
    (void)frames.read_from(pipe.value().read.get());
  }
  auto object = Napi::Object::New(env);
  object.Set("state", name_of(frames.state()));
  object.Set("hasPartial", frames.has_partial());
  if (frames.whole_bytes() > 0) {
    auto whole = Napi::ArrayBuffer::New(env, frames.whole_bytes());
    memcpy(whole.Data(), frames.data(), frames.whole_bytes());
    object.Set("frames", whole);
  }
  return object;
}

}  // namespace

Napi::Object fault_functions(Napi::Env env) {
  auto functions = Napi::Object::New(env);
  auto calls = Napi::Array::New(env);
  for (int i = 0; i < static_cast<int>(fault::Call::kCount); i++) {
    calls.Set(static_cast<uint32_t>(i), fault::name(static_cast<fault::Call>(i)));
  }
  functions.Set("calls", calls);
  functions.Set("plan", Napi::Function::New(env, plan));
  functions.Set("clear", Napi::Function::New(env, clear));
  functions.Set("holdLock", Napi::Function::New(env, hold_lock));
  functions.Set("takeLock", Napi::Function::New(env, take_lock));
  functions.Set("takeLockElsewhere", Napi::Function::New(env, take_lock_elsewhere));
  functions.Set("readFrames", Napi::Function::New(env, read_frames));
  return functions;
}

}  // namespace forkmap
#endif
