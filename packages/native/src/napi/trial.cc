#include "napi/trial.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <v8.h>

#include <optional>
#include <string>

#include "napi/live.h"
#include "sys/calls.h"
#include "v8/child_platform.h"

namespace forkmap {
namespace {

using node_platform::Knowledge;

// The newest that this addon was tested with.
constexpr uint32_t kNewestMajor = 26;
constexpr int kTrialMs = 5'000;
constexpr int kMostThreads = 1024;
constexpr int kNotServedCode = 3;

// What V8 compiles in the background whatever it is: eight bytes are a module of nothing.
constexpr const char* kPostTask = "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); 0";

uint32_t major_of(Napi::Env env) {
  const napi_node_version* version = nullptr;
  return napi_get_node_version(env, &version) == napi_ok ? version->major : 0;
}

class NoTask : public v8::Task {
 public:
  void Run() override {}
};

// In the child: uses every method of the platform that the library relies upon.
[[noreturn]] void try_platform(Napi::Env env, node_platform::Platform* platform) {
  int threads = node_platform::worker_threads(platform);
  if (threads < 1 || threads > kMostThreads) leave(kNotServedCode);
  child_platform::start_in_child();
  env.RunScript(kPostTask);
  // WHY: a Node that runs without WebAssembly posts nothing.
  if (env.IsExceptionPending()) node_platform::post(platform, std::make_unique<NoTask>());
  node_platform::drain(platform, v8::Isolate::GetCurrent());
  leave(child_platform::served() > 0 ? 0 : kNotServedCode);
}

std::string told_of(int status) {
  if (WIFSIGNALED(status)) return std::string("died of ") + ::strsignal(WTERMSIG(status));
  return "ended with code " + std::to_string(WEXITSTATUS(status));
}

// Why the child of a trial did not end well.
std::optional<std::string> end_of(pid_t child) {
  UniqueFd process = sys::open_process(child);
  pollfd ended{process.get(), POLLIN, 0};
  bool is_over = process && ::poll(&ended, 1, kTrialMs) == 1;
  if (!is_over) sys::kill_unreaped(child);
  auto exit = sys::reap(child);
  if (!is_over) return "did not end";
  if (!exit || exit.value().status != 0) return exit ? told_of(exit.value().status) : "was not reaped";
  return std::nullopt;
}

// WHY without a barrier: to raise it is to use in this process what is to be tried. What V8 has in flight now may hang
// the child at its next collection, so that there is a second one.
std::optional<std::string> try_child(Napi::Env env) {
  std::optional<std::string> why;
  for (int attempt = 0; attempt < 2; attempt++) {
    auto plan = live_fork_of(env);
    plan.should_rest = false;
    Proof proof;
    auto forked = live_fork(plan, proof);
    if (forked && forked.value() == 0) try_platform(env, plan.platform);
    why = forked ? end_of(forked.value()) : std::string("was not forked: ") + ::strerror(forked.error().number);
    if (!why) return std::nullopt;
  }
  return "is not known to this version of forkmap, and the child that was to try it " + *why;
}

Napi::Value to_value(Napi::Env env, const std::optional<std::string>& why) {
  return why ? Napi::String::New(env, *why).As<Napi::Value>() : env.Undefined();
}

std::optional<std::string> judge(Napi::Env env, Knowledge knowledge, uint32_t major) {
  if (!child_loop::is_laid_out_as_known(loop_of(env))) {
    return std::string("has an event loop (libuv ") + uv_version_string() +
           ") that this version of forkmap does not know";
  }
  if (knowledge == Knowledge::kNone) return "has a platform for V8 that this version of forkmap does not know";
  if (knowledge == Knowledge::kBySymbol && major <= kNewestMajor) return std::nullopt;
  return try_child(env);
}

}  // namespace

Napi::Value why_unfit(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  uint32_t major = major_of(env);
  // WHY once: all threads of the process have one platform. In a child it has been told.
  static const std::optional<std::string> why = judge(env, node_platform::find_slots(major), major);
  return to_value(env, why);
}

#ifdef FORKMAP_FAULTS
Napi::Value try_as_node(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto major = info[0].As<Napi::Number>().Uint32Value();
  auto why = judge(env, node_platform::find_slots_by_table(major), major);
  node_platform::find_slots(major_of(env));
  return to_value(env, why);
}
#endif

}  // namespace forkmap
