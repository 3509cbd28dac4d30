#include "napi/outcome.h"

#include <string.h>
#include <sys/wait.h>

namespace forkmap {
namespace {

// WHY not Set: where the thread is being ended meanwhile, it would end the process. Then nobody reads the object.
template <class T>
void set(const Napi::Object& object, const char* name, const T& value) {
  (void)napi_set_named_property(object.Env(), object, name, Napi::Value::From(object.Env(), value));
}

double to_ms(int64_t ns) { return static_cast<double>(ns) / 1e6; }

void set_exit(Napi::Object& object, const sys::Exit& exit) {
  if (WIFEXITED(exit.status)) set(object, "exitCode", WEXITSTATUS(exit.status));
  if (WIFSIGNALED(exit.status)) set(object, "signal", WTERMSIG(exit.status));
  set(object, "maxRssBytes", static_cast<double>(exit.max_rss_kib) * 1024);
}

void set_bytes(const Napi::Object& object, const char* name, const void* bytes, size_t count) {
  void* data;
  napi_value buffer;
  if (napi_create_arraybuffer(object.Env(), count, &data, &buffer) != napi_ok) return;
  memcpy(data, bytes, count);
  (void)napi_set_named_property(object.Env(), object, name, buffer);
}

}  // namespace

Napi::Object to_object(Napi::Env env, const SysError& error) {
  auto object = Napi::Object::New(env);
  set(object, "errno", error.number);
  set(object, "syscall", error.call ? error.call : "");
  return object;
}

Napi::Object to_object(Napi::Env env, const Outcome& outcome) {
  auto object = Napi::Object::New(env);
  set(object, "ending", static_cast<int>(outcome.ending));
  set(object, "isWhole", outcome.frames.state() == FrameReader::State::kEnded);
  set(object, "hasPartial", outcome.frames.has_partial());
  set(object, "pid", outcome.pid);
  set(object, "isReaped", outcome.is_reaped);
  set(object, "begun", outcome.begun);
  set(object, "done", outcome.done);
  set(object, "reason", static_cast<int>(outcome.reason));
  set(object, "exitArgument", outcome.exit_code);
  set(object, "brokenFirst", outcome.frames.broken_first());
  set(object, "peakPrivateBytes", static_cast<double>(outcome.peak_private_bytes));
  set(object, "lane", outcome.lane);
  set(object, "workMs", outcome.work_ms);
  set(object, "beganMs", outcome.began_ms);
  set(object, "encodeMs", outcome.encode_ms);
  set(object, "sendMs", outcome.send_ms);
  set(object, "forkedMs", to_ms(outcome.forked_ns));
  set(object, "forkMs", to_ms(outcome.fork_ns));
  set(object, "endedMs", to_ms(outcome.ended_ns));
  if (outcome.run_kind) {
    set(object, "runKind", outcome.run_kind);
    set(object, "runFirst", outcome.run_first);
  }
  if (outcome.has_awaited) set(object, "hasAwaited", true);
  if (outcome.is_reaped) set_exit(object, outcome.exit);
  if (outcome.error.number) set(object, "error", to_object(env, outcome.error));
  if (!outcome.captured_out.empty()) set(object, "stdout", outcome.captured_out);
  if (!outcome.captured_err.empty()) set(object, "stderr", outcome.captured_err);
  if (outcome.frames.whole_bytes() > 0)
    set_bytes(object, "frames", outcome.frames.data(), outcome.frames.whole_bytes());
  if (outcome.spill) {
    set_bytes(object, "spill", outcome.spill.get(), sizeof(Spill));
    set(object, "spilled", outcome.spilled);
  }
  return object;
}

}  // namespace forkmap
