#include "napi/calls.h"

#include <optional>
#include <unordered_map>

#include "drive/drive.h"
#include "fork/child_window.h"
#include "heap/huge_code.h"
#include "heap/lean.h"
#include "loop/fork_point.h"
#include "napi/args.h"
#include "napi/background.h"
#include "napi/boards.h"
#include "napi/call_back.h"
#include "napi/child.h"
#include "napi/environment.h"
#include "napi/live.h"
#include "napi/outcome.h"
#include "v8/child_platform.h"

namespace forkmap {
namespace {

// The calls that this environment has opened and not closed: they own the Call; drivers find it by id.
struct OpenCall {
  std::shared_ptr<Call> call;
  std::shared_ptr<LentBoard> lent;
};
using OpenCalls = std::unordered_map<uint32_t, OpenCall>;
OpenCalls& open_calls() {
  static thread_local OpenCalls calls;
  return calls;
}

// The environment ends in the middle of calls, as that of a worker thread does that is terminated.
void close_open_calls(void*) {
  for (auto& [id, open] : open_calls()) open.call->close();
  open_calls().clear();
}

struct Snapshot {
  std::shared_ptr<Call> call;
  ChildCode code;
  bool is_lean;
  Napi::FunctionReference ready;
};

void tell(const Napi::FunctionReference& callback, const Napi::Object& what) { call_back(callback.Value(), {what}); }

// WHY so often: V8 marks what it will optimise in one run, has it compiled in the next, and uses it from then on.
constexpr int kRehearsals = 3;

void rehearse(Napi::Env env, const ChildCode& code) {
  if (!child_loop::renew_in_child(loop_of(env))) leave(1);
  rehearse_in_loop(env, code);
  child_platform::run_queued();
}

// What the next copy of memory may take. WHY half: it is there once for all children, but the process itself may need
// as much. WHY asked anew for each: the one before has taken its part.
uint64_t copy_budget_bytes() { return uv_get_available_memory() / 2; }

// INVARIANT: the last rehearsal comes after the pages were dropped: what children inherit is what it has touched.
void become_lean(Napi::Env env, const ChildCode& code) {
  heap::move_code_to_huge_pages_or_leave(copy_budget_bytes());
  for (int i = 1; i < kRehearsals; i++) rehearse(env, code);
  heap::inherit_files();
  auto dropped = heap::drop_file_pages();
  rehearse(env, code);
  heap::join_pages(dropped);
}

void take_snapshot(Napi::Env env, const std::shared_ptr<Snapshot>& snapshot) {
  Napi::HandleScope scope(env);
  auto plan = live_fork_of(env);
  snapshot::ServerPlan server{snapshot->call->take_far_control(), snapshot->call->lanes()};
  plan.kept.push_back(server.control.get());
  int64_t began = sys::now_ns();
  auto forked = live_fork_patiently(env, plan);
  if (forked && forked.value() == 0) {
    if (snapshot->is_lean) {
      heap::move_to_file_or_leave(v8::Isolate::GetCurrent()->GetCurrentContext(), copy_budget_bytes());
    }
    prepare_in_loop(env, snapshot->code);
    warm_in_loop(env, snapshot->code);
    if (snapshot->is_lean) become_lean(env, snapshot->code);
    if (!share_heap_in_child()) leave(1);
    auto ticket = snapshot::serve_or_leave(server);
    if (!child_loop::renew_in_child(loop_of(env))) leave(1);
    return live_in_loop(env, snapshot->code, std::move(ticket));
  }
  server.control.reset();
  if (!forked) return tell(snapshot->ready, to_object(env, forked.error()));
  snapshot->call->snapshot_forked(forked.value());
  auto ready = Napi::Object::New(env);
  ready.Set("pid", forked.value());
  ready.Set("ms", static_cast<double>(sys::now_ns() - began) / 1e6);
  tell(snapshot->ready, ready);
}

DriveRequest drive_request_of(const Napi::Object& options) {
  DriveRequest request{chunk_of(options), limits_of(options)};
  request.should_promote = flag(options, "shouldPromote");
  request.should_keep = flag(options, "shouldKeep");
  if (request.should_keep) {
    request.keep.births = static_cast<uint32_t>(number_or(options, "keptForBirths", 0));
    request.keep.bytes = static_cast<uint64_t>(number_or(options, "keptForBytes", 0));
  }
  request.output_flags = output_flags_of(options);
  return request;
}

}  // namespace

Napi::Value open_call(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto borrowed = borrow_board(env, info[0].As<Napi::Number>().Int32Value(), true);
  if (!borrowed) return to_object(env, borrowed.error());
  auto lent = borrowed.take();
  auto opened = Call::open(lent->board);
  if (!opened) {
    give_back(std::move(lent));
    return to_object(env, opened.error());
  }
  auto call = opened.take();
  at_end_of<close_open_calls>(env);
  auto object = Napi::Object::New(env);
  object.Set("id", call->id());
  object.Set("board", lent->memory.Value());
  open_calls()[call->id()] = {call, std::move(lent)};
  return object;
}

Napi::Value snapshot_call(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const OpenCall& open = open_calls().at(info[0].As<Napi::Number>().Uint32Value());
  ChildCode code(info[1].As<Napi::Object>(), *open.lent);
  bool is_lean = info[2].As<Napi::Boolean>();
  auto ready = Napi::Persistent(info[3].As<Napi::Function>());
  auto snapshot = std::make_shared<Snapshot>(open.call, std::move(code), is_lean, std::move(ready));
  ForkPoint::schedule(loop_of(env), [env, snapshot] { take_snapshot(env, snapshot); });
  return env.Undefined();
}

Napi::Value drive_call(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  DriveRequest request = drive_request_of(info[1].As<Napi::Object>());
  request.is_stopping = is_stopping;
  request.stopping_data = static_cast<napi_env>(env);
  auto call = Call::find(info[0].As<Napi::Number>().Uint32Value());
  if (!call) {
    Outcome outcome(request.chunk);
    outcome.ending = Ending::kAborted;
    return to_object(env, outcome);
  }
  return to_object(env, drive(*call, request));
}

Napi::Value drive_in_background(const Napi::CallbackInfo& info) {
  struct Drive {
    std::shared_ptr<Call> call;
    DriveRequest request;
    std::optional<Outcome> outcome;
    Napi::FunctionReference driven;
  };
  auto driving = std::make_shared<Drive>();
  driving->call = open_calls().at(info[0].As<Napi::Number>().Uint32Value()).call;
  driving->request = drive_request_of(info[1].As<Napi::Object>());
  // WHY: where the thread was terminated meanwhile, what was read may be no more than defaults.
  if (is_stopped(info.Env())) return info.Env().Undefined();
  driving->driven = Napi::Persistent(info[2].As<Napi::Function>());
  run_in_background(info.Env(), {[driving] { driving->outcome.emplace(drive(*driving->call, driving->request)); },
                                 [driving](Napi::Env env) {
                                   Napi::HandleScope scope(env);
                                   tell(driving->driven, to_object(env, *driving->outcome));
                                 },
                                 [driving] { driving->call->cancel(); }});
  return info.Env().Undefined();
}

Napi::Value cancel_call(const Napi::CallbackInfo& info) {
  if (auto call = Call::find(info[0].As<Napi::Number>().Uint32Value())) call->cancel();
  return info.Env().Undefined();
}

Napi::Value close_call(const Napi::CallbackInfo& info) {
  auto found = open_calls().find(info[0].As<Napi::Number>().Uint32Value());
  OpenCall open = std::move(found->second);
  open_calls().erase(found);
  auto closed = std::make_shared<Napi::FunctionReference>(Napi::Persistent(info[1].As<Napi::Function>()));
  run_in_background(info.Env(), {[call = open.call] { call->close(); },
                                 [lent = open.lent, closed](Napi::Env env) {
                                   Napi::HandleScope scope(env);
                                   give_back(lent);
                                   tell(*closed, Napi::Object::New(env));
                                 },
                                 {}});
  return info.Env().Undefined();
}

}  // namespace forkmap
