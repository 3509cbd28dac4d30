#include "keep/ear.h"

#include <errno.h>

#include "napi/live.h"

namespace forkmap::keep {

Ear::Ear(Napi::Env env, const Plan& plan, const Napi::Function& heard)
    : env_(env), plan_(plan), heard_(Napi::Persistent(heard)), context_(env, "FORKMAPKEPT") {}

void Ear::open(Napi::Env env, const Plan& plan, const Napi::Function& heard, Ear** place) {
  auto* ear = new Ear(env, plan, heard);
  ear->poll_.data = ear;
  if (uv_poll_init(loop_of(env), &ear->poll_, plan.socket) != 0) {
    delete ear;
    return;
  }
  ear->place_ = place;
  *place = ear;
  if (!plan.keeps_alive) uv_unref(reinterpret_cast<uv_handle_t*>(&ear->poll_));
  uv_poll_start(&ear->poll_, UV_READABLE, readable);
  napi_add_async_cleanup_hook(env, env_ends, ear, &ear->hook_);
}

void Ear::keep_alive(bool should) {
  if (is_closed_) return;
  auto* handle = reinterpret_cast<uv_handle_t*>(&poll_);
  if (should) {
    uv_ref(handle);
  } else {
    uv_unref(handle);
  }
}

void Ear::close() {
  if (std::exchange(is_closed_, true)) return;
  if (place_) *place_ = nullptr;
  uv_poll_stop(&poll_);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), [](uv_handle_t* handle) {
    auto* ear = static_cast<Ear*>(handle->data);
    napi_remove_async_cleanup_hook(ear->hook_);
    delete ear;
  });
}

void Ear::env_ends(napi_async_cleanup_hook_handle, void* self) { static_cast<Ear*>(self)->close(); }

void Ear::readable(uv_poll_t* poll, int status, int) {
  auto* ear = static_cast<Ear*>(poll->data);
  Napi::HandleScope scope(ear->env_);
  // WHY one message: the next turn of the loop brings the next, and others are heard in between.
  if (status >= 0) return void(ear->read());
  // WHY read on: a process that died with messages unread is an error of the socket, before what it had said itself.
  while (!ear->is_closed_ && ear->read()) {
  }
  if (!ear->is_closed_ && !ear->has_ended_) uv_poll_start(poll, UV_READABLE, readable);
}

bool Ear::read() {
  Message message;
  Status received = receive(plan_.socket, message);
  if (!received) {
    int error = received.error().number;
    if (error == EAGAIN) return false;
    if (error == ECONNRESET) return true;  // heard once: what was sent before is still there
    if (error != EMFILE) return tell_end(error);
    tell(message.header, env_.Null());
    return true;
  }
  if (message.header.payload_bytes > plan_.max_payload_bytes) return tell_end(EMSGSIZE);
  auto payload = Napi::ArrayBuffer::New(env_, message.header.payload_bytes);
  if (payload.IsEmpty()) return tell_end(ENOMEM);
  Status copied = read_payload(message, payload.Data());
  if (!copied) return tell_end(copied.error().number);
  tell(message.header, payload);
  return true;
}

// WHY not call_back: a context for each message takes longer than all else here.
void Ear::tell(const Header& header, const Napi::Value& payload) {
  Napi::CallbackScope scope(env_, context_);
  auto kind = Napi::Number::New(env_, header.kind);
  auto id = Napi::Number::New(env_, header.id);
  heard_.Value().Call(env_.Global(), {kind, id, Napi::Number::New(env_, header.count), payload});
}

bool Ear::tell_end(int error) {
  has_ended_ = true;
  uv_poll_stop(&poll_);
  tell({0, static_cast<uint32_t>(error), 0, 0}, env_.Null());
  return false;
}

}  // namespace forkmap::keep
