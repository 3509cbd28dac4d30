#include "napi/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <v8.h>

#include <vector>

#include "fork/child_window.h"
#include "frame/writer.h"
#include "keep/inside.h"
#include "loop/fork_point.h"
#include "napi/belongings.h"
#include "napi/live.h"
#include "snapshot/wire.h"
#include "v8/child_platform.h"
#include "v8/foreground.h"
#include "v8/random.h"

namespace forkmap {
namespace {

// INVARIANT: empty in the origin. A child's child replaces its own.
struct State {
  bool is_prepared = false;
  snapshot::Ticket ticket;
  std::shared_ptr<Board> board;
  volatile BoardSlot* slot = nullptr;  // none yet in a snapshot
  v8::Isolate* limited = nullptr;      // whose heap limit we hear of
  uint64_t wake_ups = 0;               // of the loop, as of its last look
  int32_t turns = 1;                   // see BoardSlot::vain
} child;

[[noreturn]] void leave_because(LeaveReason reason, int code) {
  if (child.slot) child.slot->reason = static_cast<int32_t>(reason);
  leave(code);
}

// WHY here and not after V8's own message: with this the caller gets a typed error, and no page of stack on its stderr.
size_t on_heap_limit(void*, size_t, size_t) { leave_because(LeaveReason::kHeap, 1); }

void write_or_leave(const Frame& frame) {
  int64_t began_ns = sys::now_ns();
  if (!write_frame(child.ticket.output.get(), frame)) leave_because(LeaveReason::kWrite, 1);
  child.slot->send_ms = child.slot->send_ms + static_cast<double>(sys::now_ns() - began_ns) / 1e6;
  child.slot->bytes = child.slot->bytes + static_cast<int64_t>(sizeof(FrameHeader) + frame.payload_bytes);
}

void prepare(Napi::Env env, const ChildCode& code) {
  child.is_prepared = true;
  ForkPoint::void_in_child();
  auto* isolate = v8::Isolate::GetCurrent();
  // WHY once: V8 aborts where the same callback is added again, as in a child's child.
  if (child.limited != isolate) isolate->AddNearHeapLimitCallback(on_heap_limit, nullptr);
  child.limited = isolate;

  auto* loop = loop_of(env);
  uint32_t inherited = child_loop::inherited(loop);
  // WHY also for forkMapSync, where the loop never turns: what the function closes, watches or starts must not reach
  // the origin's.
  if (!child_loop::adopt_in_child(loop)) leave_because(LeaveReason::kMainThrew, 1);
  code.prepare.Value().Call(
      {Napi::Number::New(env, inherited), code.memory.Value(), Napi::Number::New(env, code.lanes)});
  if (env.IsExceptionPending()) leave_because(LeaveReason::kMainThrew, 1);
}

void be_born(const ChildCode& code, snapshot::Ticket ticket) {
  child.ticket = std::move(ticket);
  child.board = code.board;
  child.slot = &child.board->slot(child.ticket.lane);
  child.slot->pid = ::getpid();
  child_platform::start_in_child();
}

// WHY not MakeCallback: what a tick throws when the scope ends is the function's stray error, to be heard by the
// process's listeners; MakeCallback would take it for one of ours.
void call_in_loop(Napi::Env env, const Napi::FunctionReference& function, std::initializer_list<napi_value> args) {
  Napi::AsyncContext context(env, "FORKMAPCHILD");
  Napi::CallbackScope scope(env, context);
  function.Value().Call(env.Global(), args);
  if (env.IsExceptionPending()) leave_because(LeaveReason::kMainThrew, 1);
}

// writeFrame(kind, first, count, payload?: Uint8Array)
void write_frame_from_js(const Napi::CallbackInfo& info) {
  Frame frame{static_cast<FrameKind>(info[0].As<Napi::Number>().Uint32Value()), info[1].As<Napi::Number>().Int32Value(),
              info[2].As<Napi::Number>().Int32Value(), nullptr, 0};
  if (info[3].IsTypedArray()) {
    auto payload = info[3].As<Napi::Uint8Array>();
    frame.payload = payload.Data();
    frame.payload_bytes = payload.ByteLength();
  }
  write_or_leave(frame);
}

// leave(reason, code)
void leave_from_js(const Napi::CallbackInfo& info) {
  int code = info[1].As<Napi::Number>().Int32Value();
  if (child.slot) child.slot->exit_code = code;
  leave_because(static_cast<LeaveReason>(info[0].As<Napi::Number>().Int32Value()), code);
}

// nextChunk(): [start, end] | undefined. Blocks: a kept child has nothing else to do between its chunks.
Napi::Value next_chunk(const Napi::CallbackInfo& info) {
  if (!child.ticket.work) return info.Env().Undefined();
  wire::Request work;
  auto packet = sys::receive_packet(child.ticket.work.get(), &work, sizeof work);
  if (!packet || packet.value().bytes != sizeof work) return info.Env().Undefined();
  auto range = Napi::Array::New(info.Env(), 2);
  range.Set(0u, work.start);
  range.Set(1u, work.end);
  return range;
}

Napi::Value reseed_random(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), v8_random::reseed_in_child(v8::Isolate::GetCurrent()->GetCurrentContext()));
}

// fillRandom(bytes). WHY not Node's: its generator first has to notice the fork, and to be seeded anew.
void fill_random(const Napi::CallbackInfo& info) {
  auto bytes = info[0].As<Napi::Uint8Array>();
  for (size_t done = 0; done < bytes.ByteLength();) {
    ssize_t got = ::getrandom(bytes.Data() + done, bytes.ByteLength() - done, 0);
    if (got > 0) done += static_cast<size_t>(got);
  }
}

// WHY: enabling an async_hooks hook also hooks every promise of the context, which only costs where nobody else asked.
void unhook_promises(const Napi::CallbackInfo&) {
  v8::Local<v8::Function> none;
  v8::Isolate::GetCurrent()->GetCurrentContext()->SetPromiseHooks(none, none, none, none);
}

// Held while something is written to a pipe or a socket. WHY: more than fits is written there in parts, between which
// another child could write. A lock of the file's own, of the kind that the kernel lets go of when its holder dies.
class OutputLock {
 public:
  explicit OutputLock(int fd) : fd_(fd) {
    struct stat status;
    is_held_ = ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) && set(F_WRLCK);
  }
  ~OutputLock() {
    if (is_held_) set(F_UNLCK);
  }
  OutputLock(const OutputLock&) = delete;

 private:
  bool set(short type) {
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    int done;
    do {
      done = ::fcntl(fd_, F_SETLKW, &lock);
    } while (done < 0 && errno == EINTR);
    return done == 0;  // WHY no error: without it, lines may be mixed, but nothing is lost
  }

  int fd_;
  bool is_held_ = false;
};

// writeOutput(fd, bytes): synchronously and whole, whatever kind of file it is. False when it cannot be written.
Napi::Value write_output(const Napi::CallbackInfo& info) {
  int fd = info[0].As<Napi::Number>().Int32Value();
  auto bytes = info[1].As<Napi::Uint8Array>();
  OutputLock lock(fd);
  Status written = sys::write_all(fd, bytes.Data(), bytes.ByteLength());
  return Napi::Boolean::New(info.Env(), static_cast<bool>(written));
}

// silenceSignals(stop): calls `stop`, which ends the origin's listening to signals. WHY around it: libuv puts back a
// signal's default action when its last listener goes, by which Ctrl-C would end the child. See reset_signal_handlers.
void silence_signals(const Napi::CallbackInfo& info) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  info[0].As<Napi::Function>().Call({});
  reset_signal_handlers();
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// setTitle(title)
void set_title(const Napi::CallbackInfo& info) { uv_set_process_title(info[0].ToString().Utf8Value().c_str()); }

// isKeptAliveByMoreThanTimers(): whether the event loop has anything but timers to wait for
Napi::Value is_kept_alive(const Napi::CallbackInfo& info) {
  bool is_kept = child_platform::is_busy() || child_loop::is_kept_alive_by_more_than_timers(loop_of(info.Env()));
  return Napi::Boolean::New(info.Env(), is_kept);
}

// isKept(): whether nextChunk may give any
Napi::Value is_kept(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), static_cast<bool>(child.ticket.work));
}

// pendingWork(): 1 where something that the loop has begun has not ended, plus 2 where a stream is open
Napi::Value pending_work(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), child_loop::pending_work(loop_of(info.Env())));
}

// noteTurn(hasTimers): tells by the board whether the loop has turned for nothing but the origin's timers since the
// last time. hasTimers: the child has some of its own.
void note_turn(const Napi::CallbackInfo& info) {
  auto wake_ups = child_loop::wake_ups(loop_of(info.Env()));
  bool is_vain = !info[0].As<Napi::Boolean>() && wake_ups && *wake_ups == child.wake_ups;
  child.wake_ups = wake_ups.value_or(0);
  if (!is_vain) child.turns++;
  if (child.slot) child.slot->vain = is_vain ? child.turns : 0;
}

Napi::Value is_child_from_js(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), is_child()); }

Napi::FunctionReference optional_function(const Napi::Value& value) {
  return value.IsFunction() ? Napi::Persistent(value.As<Napi::Function>()) : Napi::FunctionReference();
}

}  // namespace

bool is_child() { return child.is_prepared; }

int work_socket() { return child.ticket.work.get(); }

ChildCode::ChildCode(const Napi::Object& main, const LentBoard& lent)
    : prepare(Napi::Persistent(main.Get("prepare").As<Napi::Function>())),
      rehearse(Napi::Persistent(main.Get("rehearse").As<Napi::Function>())),
      warm(optional_function(main.Get("warm"))),
      run(Napi::Persistent(main.Get("run").As<Napi::Function>())),
      memory(Napi::Reference<Napi::ArrayBuffer>::New(lent.memory.Value(), 1)),
      board(lent.board),
      lanes(lent.board->lanes()) {}

void prepare_in_loop(Napi::Env env, const ChildCode& code) {
  if (child_loop::has_wake_ups(loop_of(env))) v8_foreground::drop_in_child(env, node_platform::current());
  prepare(env, code);
}

void rehearse_in_loop(Napi::Env env, const ChildCode& code) { call_in_loop(env, code.rehearse, {}); }

void warm_in_loop(Napi::Env env, const ChildCode& code) {
  if (code.warm.IsEmpty()) return;
  auto* isolate = v8::Isolate::GetCurrent();
  // WHY served meanwhile: V8 takes the next step with a function only once the code of the step before is there.
  child_platform::serve_while(node_platform::current(), isolate,
                              [&] { call_in_loop(env, code.warm, {Napi::Number::New(env, ::getpid())}); });
  // WHY: code that was compiled last is put to use when JavaScript runs the next time.
  env.RunScript("void 0");
}

void live_in_loop(Napi::Env env, const ChildCode& code, snapshot::Ticket ticket) {
  be_born(code, std::move(ticket));
  const auto& born = child.ticket;
  call_in_loop(
      env, code.run,
      {Napi::Number::New(env, born.lane), Napi::Number::New(env, born.start), Napi::Number::New(env, born.end)});
}

void live_on_stack(Napi::Env env, const ChildCode& code, snapshot::Ticket ticket) {
  prepare(env, code);
  be_born(code, std::move(ticket));
  const auto& born = child.ticket;
  code.run.Value().Call(
      {Napi::Number::New(env, born.lane), Napi::Number::New(env, born.start), Napi::Number::New(env, born.end)});
  leave_because(LeaveReason::kMainThrew, 1);
}

Napi::Object child_functions(Napi::Env env) {
  auto functions = Napi::Object::New(env);
  functions.Set("isChild", Napi::Function::New(env, is_child_from_js));
  functions.Set("writeFrame", Napi::Function::New(env, write_frame_from_js));
  functions.Set("leave", Napi::Function::New(env, leave_from_js));
  functions.Set("nextChunk", Napi::Function::New(env, next_chunk));
  functions.Set("reseedRandom", Napi::Function::New(env, reseed_random));
  functions.Set("fillRandom", Napi::Function::New(env, fill_random));
  functions.Set("unhookPromises", Napi::Function::New(env, unhook_promises));
  functions.Set("writeOutput", Napi::Function::New(env, write_output));
  functions.Set("silenceSignals", Napi::Function::New(env, silence_signals));
  add_belongings(env, functions);
  functions.Set("setTitle", Napi::Function::New(env, set_title));
  functions.Set("isKept", Napi::Function::New(env, is_kept));
  functions.Set("pendingWork", Napi::Function::New(env, pending_work));
  functions.Set("noteTurn", Napi::Function::New(env, note_turn));
  functions.Set("isKeptAliveByMoreThanTimers", Napi::Function::New(env, is_kept_alive));
  functions.Set("kept", keep::inside_functions(env));
  return functions;
}

}  // namespace forkmap
