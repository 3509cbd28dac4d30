#include "napi/forks.h"

#include <unistd.h>

#include <memory>

#include "drive/proc.h"
#include "fork/child_window.h"
#include "fork/fork_lock.h"
#include "loop/fork_point.h"
#include "napi/args.h"
#include "napi/background.h"
#include "napi/boards.h"
#include "napi/call_back.h"
#include "napi/child.h"
#include "napi/live.h"
#include "napi/outcome.h"
#include "snapshot/wire.h"

namespace forkmap {
namespace {

constexpr int kOneLane = 1;

// One child of the origin and all that belongs to it.
struct Direct {
  explicit Direct(const Napi::Object& options)
      : chunk(chunk_of(options)), limits(limits_of(options)), output_flags(output_flags_of(options)), outcome(chunk) {}

  Chunk chunk;
  Limits limits;
  PrivateMemory memory;
  uint32_t output_flags;
  Outcome outcome;
  std::shared_ptr<LentBoard> lent;
  sys::Ends output;
  sys::Ends captured_out;
  sys::Ends captured_err;
  UniqueFd cancel;

  Status prepare(Napi::Env env);
  bool fork(Napi::Env env);  // true in the child
  void supervise_child(bool (*is_stopping)(void*) = nullptr, void* stopping_data = nullptr);
  void end_child();  // the supervisor hears it
  void redirect_in_child();
};

Status Direct::prepare(Napi::Env env) {
  auto event = sys::make_event();
  if (!event) return event.error();
  cancel = event.take();
  auto borrowed = borrow_board(env, kOneLane, false);
  if (!borrowed) return borrowed.error();
  lent = borrowed.take();
  return Done{};
}

Status open_ends(sys::Ends& ends) {
  auto pipe = sys::make_pipe();
  if (!pipe) return pipe.error();
  Status set = sys::set_nonblocking(pipe.value().read.get());
  if (!set) return set;
  ends = pipe.take();
  return Done{};
}

bool Direct::fork(Napi::Env env) {
  outcome.ending = Ending::kNotForked;
  auto plan = live_fork_of(env);
  int64_t began = sys::now_ns();
  Status opened = open_ends(output);
  bool should_capture = output_flags & wire::kCaptureOutput;
  if (opened && should_capture) opened = open_ends(captured_out);
  if (opened && should_capture) opened = open_ends(captured_err);
  if (!opened) {
    outcome.error = opened.error();
    return false;
  }
  std::optional<proc::Usage> inherited;
  if (limits.memory_bytes) inherited = proc::usage(::getpid());
  auto forked = live_fork_patiently(env, plan);
  if (forked && forked.value() == 0) return true;
  output.write.reset();
  captured_out.write.reset();
  captured_err.write.reset();
  outcome.forked_ns = began;
  outcome.fork_ns = sys::now_ns() - began;
  if (!forked) {
    outcome.error = forked.error();
    return false;
  }
  outcome.ending = Ending::kLeft;
  outcome.pid = forked.value();
  memory = PrivateMemory(outcome.pid, inherited ? inherited->anon_bytes : 0);
  lent->board->slot(0).pid = outcome.pid;
  return false;
}

void Direct::end_child() {
  uint64_t one = 1;
  if (cancel) (void)sys::write_all(cancel.get(), &one, sizeof one);
}

void Direct::redirect_in_child() {
  output.read.reset();
  if (captured_out.write) {
    ::dup2(captured_out.write.get(), STDOUT_FILENO);
    ::dup2(captured_err.write.get(), STDERR_FILENO);
    captured_out = {};
    captured_err = {};
  }
  if (output_flags & wire::kIgnoreOutput) silence_output();
}

void Direct::supervise_child(bool (*is_stopping)(void*), void* stopping_data) {
  OwnChild reaper;
  UniqueFd process = sys::open_process(outcome.pid);
  Supervision plan{};
  plan.lines = {output.read.get(), cancel.get(), process.get(), captured_out.read.get(), captured_err.read.get()};
  plan.limits = limits;
  plan.memory = &memory;
  plan.slot = &lent->board->slot(0);
  plan.reaper = &reaper;
  plan.is_stopping = is_stopping;
  plan.stopping_data = stopping_data;
  supervise(plan, outcome);
  output.read.reset();
}

snapshot::Ticket ticket_of(Direct& direct) {
  direct.redirect_in_child();
  return {0, direct.chunk.start, direct.chunk.end, std::move(direct.output.write), {}};
}

// fork() and what follows, at the fork point of an asynchronous call.
struct AsyncFork {
  explicit AsyncFork(const Napi::Object& options) : direct(std::make_unique<Direct>(options)) {}
  std::unique_ptr<Direct> direct;  // until it is settled
  Napi::ObjectReference main;
  Napi::FunctionReference settled;
  bool is_cancelled = false;
};

// WHY all is let go of here: `settled` keeps the function that cancels, which keeps `fork`, which keeps `settled`.
void settle(Napi::Env env, AsyncFork& fork) {
  Napi::HandleScope scope(env);
  auto outcome = to_object(env, fork.direct->outcome);
  if (fork.direct->lent) give_back(std::move(fork.direct->lent));
  auto settled = std::move(fork.settled);
  fork.main.Reset();
  fork.direct.reset();
  call_back(settled.Value(), {outcome});
}

void fork_now(Napi::Env env, const std::shared_ptr<AsyncFork>& fork) {
  Napi::HandleScope scope(env);
  Direct& direct = *fork->direct;
  if (fork->is_cancelled) direct.outcome.ending = Ending::kAborted;
  if (direct.outcome.ending != Ending::kLeft) return settle(env, *fork);
  ChildCode code(fork->main.Value(), *direct.lent);
  if (direct.fork(env)) {
    auto ticket = ticket_of(direct);
    prepare_in_loop(env, code);
    return live_in_loop(env, code, std::move(ticket));
  }
  if (direct.outcome.ending == Ending::kNotForked) return settle(env, *fork);
  run_in_background(env,
                    {[fork] { fork->direct->supervise_child(); }, [fork](Napi::Env own_env) { settle(own_env, *fork); },
                     [fork] { fork->direct->end_child(); }});
}

}  // namespace

Napi::Value fork_sync(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Direct direct(info[0].As<Napi::Object>());
  Status prepared = direct.prepare(env);
  if (!prepared) {
    direct.outcome.ending = Ending::kNotForked;
    direct.outcome.error = prepared.error();
    return to_object(env, direct.outcome);
  }
  ChildCode code(info[1].As<Napi::Object>(), *direct.lent);
  if (direct.fork(env)) live_on_stack(env, code, ticket_of(direct));
  if (direct.outcome.ending != Ending::kNotForked) direct.supervise_child(is_stopping, static_cast<napi_env>(env));
  give_back(std::move(direct.lent));
  return to_object(env, direct.outcome);
}

Napi::Value fork_async(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto fork = std::make_shared<AsyncFork>(info[0].As<Napi::Object>());
  fork->main = Napi::Persistent(info[1].As<Napi::Object>());
  fork->settled = Napi::Persistent(info[2].As<Napi::Function>());
  Status prepared = fork->direct->prepare(env);
  if (!prepared) {
    fork->direct->outcome.ending = Ending::kNotForked;
    fork->direct->outcome.error = prepared.error();
  }
  ForkPoint::schedule(loop_of(env), [env, fork] { fork_now(env, fork); });
  return Napi::Function::New(env, [fork](const Napi::CallbackInfo&) {
    fork->is_cancelled = true;
    if (fork->direct) fork->direct->end_child();
  });
}

}  // namespace forkmap
