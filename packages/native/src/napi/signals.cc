#include "napi/signals.h"

#include <memory>
#include <vector>

#include "napi/outcome.h"
#include "sys/signal_hold.h"

namespace forkmap {

Napi::Value hold_signals(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto numbers = info[0].As<Napi::Array>();
  auto held = std::make_shared<std::vector<int>>();
  for (uint32_t i = 0; i < numbers.Length(); i++) {
    int number = numbers.Get(i).As<Napi::Number>().Int32Value();
    Status holding = signal_hold::hold(number);
    if (!holding) {
      for (int other : *held) signal_hold::let_go(other);
      return to_object(env, holding.error());
    }
    held->push_back(number);
  }
  return Napi::Function::New(env, [held](const Napi::CallbackInfo&) {
    std::vector<int> last;
    last.swap(*held);  // a second call does nothing
    for (int number : last) signal_hold::let_go(number);
  });
}

}  // namespace forkmap
