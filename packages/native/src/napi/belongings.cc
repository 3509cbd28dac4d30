#include "napi/belongings.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fork/child_window.h"
#include "sys/calls.h"

namespace forkmap {
namespace {

// followParent(pid?): the process dies with its parent; again, where the kernel has dropped that. pid: of a process
// that was not forked.
void follow_parent(const Napi::CallbackInfo& info) {
  if (info[0].IsNumber()) {
    follow_parent_or_leave(info[0].As<Napi::Number>().Int32Value());
  } else {
    follow_on_or_leave();
  }
}

// The end of a pipe or a socket that nobody listens to, of the kind that `fd` is. Empty for other kinds of files, of
// which a stream leaves the flags alone, or opens its own.
sys::Ends stand_in_for(int fd) {
  struct stat status;
  int domain = 0;
  socklen_t bytes = sizeof domain;
  if (::fstat(fd, &status) < 0) return {};
  if (S_ISFIFO(status.st_mode)) {
    auto pipe = sys::make_pipe();
    return pipe ? pipe.take() : sys::Ends{};
  }
  if (!S_ISSOCK(status.st_mode) || ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &bytes) < 0) return {};
  return {UniqueFd(), UniqueFd(::socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0))};
}

// withStandIn(fd, make): calls `make`, which makes a stream of that descriptor. WHY: the file behind it is shared with
// the origin, and a stream has it no longer block. The stream itself never writes: see ownOutputInChild.
void with_stand_in(const Napi::CallbackInfo& info) {
  int fd = info[0].As<Napi::Number>().Int32Value();
  auto make = info[1].As<Napi::Function>();
  auto stand_in = stand_in_for(fd);
  UniqueFd shared(stand_in.write ? ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1);
  if (!shared) {
    make.Call({});
    return;
  }
  ::dup2(stand_in.write.get(), fd);
  make.Call({});
  ::dup2(shared.get(), fd);
}

}  // namespace

void add_belongings(Napi::Env env, Napi::Object& functions) {
  functions.Set("followParent", Napi::Function::New(env, follow_parent));
  functions.Set("withStandIn", Napi::Function::New(env, with_stand_in));
}

}  // namespace forkmap
