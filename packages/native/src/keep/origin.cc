#include "keep/origin.h"

#include <errno.h>

#include "keep/ear.h"
#include "keep/kept_child.h"
#include "napi/args.h"
#include "napi/background.h"
#include "napi/call_back.h"
#include "napi/outcome.h"

namespace forkmap::keep {
namespace {

// A child, and what hears it. INVARIANT: the ear is closed before the child's descriptors are.
struct Kept {
  std::shared_ptr<KeptChild> child;
  Ear* ear = nullptr;

  ~Kept() {
    if (ear) ear->forget_owner();
  }
  void close_ear() {
    if (ear) ear->close();
  }
};

// The environment ends, as that of a worker thread does that is terminated. WHY from the fork on: this hook comes
// before that of the call, which waits until no lane is in use.
void abandon(void* data) {
  auto* kept = static_cast<Kept*>(data);
  kept->close_ear();
  kept->child->abandon();
}

using Handle = Napi::External<std::shared_ptr<Kept>>;

std::shared_ptr<Kept>& kept_of(const Napi::Value& value) { return *value.As<Handle>().Data(); }

struct Forking {
  std::shared_ptr<Kept> kept;
  Napi::FunctionReference forked;
  Napi::FunctionReference heard;
};

Napi::Value number_or_none(Napi::Env env, UniqueFd fd) {
  return fd ? Napi::Number::New(env, fd.release()) : env.Undefined();
}

// What is told of an attempt to fork: the outcome, and where it went well the handle and where the output is read.
void tell_forked(Napi::Env env, Forking& forking) {
  Napi::HandleScope scope(env);
  auto& kept = forking.kept;
  auto outcome = to_object(env, kept->child->outcome());
  if (kept->child->is_forked()) {
    Ear::Plan plan{kept->child->socket(), kept->child->max_payload_bytes(), false};
    Ear::open(env, plan, forking.heard.Value(), &kept->ear);
    auto handle =
        Handle::New(env, new std::shared_ptr<Kept>(kept), [](Napi::Env, std::shared_ptr<Kept>* done) { delete done; });
    outcome.Set("handle", handle);
    outcome.Set("outFd", number_or_none(env, kept->child->take_captured_out()));
    outcome.Set("errFd", number_or_none(env, kept->child->take_captured_err()));
  } else {
    napi_remove_env_cleanup_hook(env, abandon, kept.get());
  }
  forking.heard.Reset();
  call_back(forking.forked.Value(), {outcome});
}

// fork(id, request, heard, forked)
void fork(const Napi::CallbackInfo& info) {
  auto options = info[1].As<Napi::Object>();
  DriveRequest request{chunk_of(options), limits_of(options)};
  request.should_keep = true;
  request.output_flags = output_flags_of(options);
  auto forking = std::make_shared<Forking>();
  forking->kept = std::make_shared<Kept>();
  auto call = Call::find(info[0].As<Napi::Number>().Uint32Value());
  forking->kept->child = std::make_shared<KeptChild>(call, request);
  napi_add_env_cleanup_hook(info.Env(), abandon, forking->kept.get());
  forking->heard = Napi::Persistent(info[2].As<Napi::Function>());
  forking->forked = Napi::Persistent(info[3].As<Napi::Function>());
  run_in_background(info.Env(), {[child = forking->kept->child] { child->fork(); },
                                 [forking](Napi::Env env) { tell_forked(env, *forking); }, [call] { call->cancel(); }});
}

// send(handle, kind, id, count, payload?: Uint8Array): errno
Napi::Value send_to_child(const Napi::CallbackInfo& info) {
  Header header = header_of(info, 1);
  Status sent = kept_of(info[0])->child->send(header, payload_of(info[4], header));
  return Napi::Number::New(info.Env(), sent ? 0 : sent.error().number);
}

// kill(handle, ending)
void kill(const Napi::CallbackInfo& info) {
  kept_of(info[0])->child->kill(static_cast<Ending>(info[1].As<Napi::Number>().Int32Value()));
}

// exceedsMemory(handle)
Napi::Value exceeds_memory(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), kept_of(info[0])->child->exceeds_memory());
}

// end(handle, ended): ends it, if it has not ended by itself. Nothing is heard of it any more.
void end(const Napi::CallbackInfo& info) {
  auto kept = kept_of(info[0]);
  kept->close_ear();
  auto ended = std::make_shared<Napi::FunctionReference>(Napi::Persistent(info[1].As<Napi::Function>()));
  run_in_background(info.Env(), {[child = kept->child] { child->end(); },
                                 [kept, ended](Napi::Env env) {
                                   Napi::HandleScope scope(env);
                                   napi_remove_env_cleanup_hook(env, abandon, kept.get());
                                   call_back(ended->Value(), {to_object(env, kept->child->outcome())});
                                 },
                                 {}});
}

}  // namespace

Napi::Object origin_functions(Napi::Env env) {
  auto functions = Napi::Object::New(env);
  functions.Set("fork", Napi::Function::New(env, fork));
  functions.Set("send", Napi::Function::New(env, send_to_child));
  functions.Set("kill", Napi::Function::New(env, kill));
  functions.Set("exceedsMemory", Napi::Function::New(env, exceeds_memory));
  functions.Set("end", Napi::Function::New(env, end));
  return functions;
}

}  // namespace forkmap::keep
