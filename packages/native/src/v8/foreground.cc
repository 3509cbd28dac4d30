#include "v8/foreground.h"

namespace forkmap::v8_foreground {
namespace {

// WHY so: Node's queue has no way to empty it, but lets go of every task while the execution of JavaScript is being
// terminated. SOURCE: node 20 to 26, src/node_platform.cc, PerIsolatePlatformData::RunForegroundTask.
void drop(const v8::FunctionCallbackInfo<v8::Value>& info) {
  auto* isolate = info.GetIsolate();
  auto* platform = static_cast<node::MultiIsolatePlatform*>(info.Data().As<v8::External>()->Value());
  auto context = isolate->GetCurrentContext();
  auto script = v8::Script::Compile(context, v8::String::NewFromUtf8Literal(isolate, "void 0")).ToLocalChecked();
  isolate->TerminateExecution();
  bool has_run = !script->Run(context).IsEmpty();
  if (!has_run && isolate->IsExecutionTerminating()) {
    while (platform->FlushForegroundTasks(isolate)) {
    }
  }
  isolate->CancelTerminateExecution();
}

}  // namespace

void drop_in_child(node::MultiIsolatePlatform* platform, v8::Local<v8::Context> context) {
  auto data = v8::External::New(v8::Isolate::GetCurrent(), platform);
  // WHY in a function: termination lasts only as long as something is on the stack that it ends.
  auto dropping = v8::Function::New(context, drop, data).ToLocalChecked();
  v8::Local<v8::Value> nothing;
  if (!dropping->Call(context, context->Global(), 0, nullptr).ToLocal(&nothing)) return;
}

}  // namespace forkmap::v8_foreground
