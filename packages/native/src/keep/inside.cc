#include "keep/inside.h"

#include "fork/child_window.h"
#include "keep/ear.h"
#include "napi/child.h"

namespace forkmap::keep {
namespace {

// INVARIANT: of this process alone: a child that is forked from here has `kept` of its own, or none.
Ear* ear = nullptr;

constexpr int kWaitMs = 1000;

// listen(heard): the event loop stays alive for it.
Napi::Value listen(const Napi::CallbackInfo& info) {
  Ear::Plan plan{work_socket(), UINT64_MAX, true};
  Ear::open(info.Env(), plan, info[0].As<Napi::Function>(), &ear);
  return Napi::Boolean::New(info.Env(), ear != nullptr);
}

// keepAlive(should)
void keep_alive(const Napi::CallbackInfo& info) { ear->keep_alive(info[0].As<Napi::Boolean>()); }

// send(kind, id, count, payload?: Uint8Array): waits where the origin has not heard what was said before. Gives an
// errno.
Napi::Value send_from_js(const Napi::CallbackInfo& info) {
  Header header = header_of(info, 0);
  const void* payload = payload_of(info[3], header);
  for (;;) {
    Status sent = send(work_socket(), header, payload);
    if (sent) return Napi::Number::New(info.Env(), 0);
    if (sent.error().number == EPIPE || sent.error().number == ECONNRESET) leave(1);  // nobody is there to hear of it
    if (sent.error().number != EAGAIN) return Napi::Number::New(info.Env(), sent.error().number);
    pollfd writable{work_socket(), POLLOUT, 0};
    (void)sys::wait_ready({&writable, 1}, kWaitMs);
  }
}

}  // namespace

Napi::Object inside_functions(Napi::Env env) {
  auto functions = Napi::Object::New(env);
  functions.Set("listen", Napi::Function::New(env, listen));
  functions.Set("keepAlive", Napi::Function::New(env, keep_alive));
  functions.Set("send", Napi::Function::New(env, send_from_js));
  return functions;
}

}  // namespace forkmap::keep
