// Hears the messages of a socket in the event loop, and tells JavaScript of them one by one.
#pragma once

#include <napi.h>
#include <uv.h>

#include "keep/message.h"

namespace forkmap::keep {

// kind, id and count of a message that is to be sent: JavaScript's arguments from `first` on.
inline Header header_of(const Napi::CallbackInfo& info, size_t first) {
  auto number = [&info, first](size_t at) { return info[first + at].As<Napi::Number>(); };
  return {number(0).Uint32Value(), number(2).Uint32Value(), number(1).DoubleValue(), 0};
}

// The payload, if there is one: its size goes into the header.
inline const void* payload_of(const Napi::Value& value, Header& header) {
  if (!value.IsTypedArray()) return nullptr;
  auto bytes = value.As<Napi::Uint8Array>();
  header.payload_bytes = bytes.ByteLength();
  return bytes.Data();
}

// Closes itself when the environment ends, or the socket does. `heard(kind, id, count, payload)`, where the payload is
// an ArrayBuffer, or null where it could not be had for lack of descriptors; kind 0: nothing more will come, and `id`
// is the errno for which.
class Ear {
 public:
  struct Plan {
    int socket;
    uint64_t max_payload_bytes;  // a larger one is the end, for EMSGSIZE
    bool keeps_alive;            // the event loop
  };
  // Deletes itself once it is closed. `place`, where its owner has it, is null from then on; and at once where the loop
  // cannot watch the socket.
  static void open(Napi::Env env, const Plan& plan, const Napi::Function& heard, Ear** place);

  void keep_alive(bool should);
  // Nothing is told any more. INVARIANT: before the socket is closed.
  void close();
  void forget_owner() { place_ = nullptr; }

 private:
  Ear(Napi::Env env, const Plan& plan, const Napi::Function& heard);
  static void readable(uv_poll_t* poll, int status, int events);
  static void env_ends(napi_async_cleanup_hook_handle handle, void* self);
  bool read();  // false where there is nothing to read now, or ever
  void tell(const Header& header, const Napi::Value& payload);
  bool tell_end(int error);  // false

  Napi::Env env_;
  Ear** place_ = nullptr;
  Plan plan_;
  Napi::FunctionReference heard_;
  Napi::AsyncContext context_;
  uv_poll_t poll_{};
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool has_ended_ = false;
  bool is_closed_ = false;
};

}  // namespace forkmap::keep
