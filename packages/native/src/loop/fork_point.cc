#include "loop/fork_point.h"

#include <utility>

namespace forkmap {
namespace {

thread_local unsigned current_generation = 0;  // of forks: points made in an older one are the origin's

struct Point {
  uv_prepare_t prepare;
  uv_idle_t idle;
  std::function<void()> at_prepare;
  unsigned generation;
  int open_handles = 2;
};

void closed(uv_handle_t* handle) {
  auto* point = static_cast<Point*>(handle->data);
  if (--point->open_handles == 0) delete point;
}

void run(uv_prepare_t* handle) {
  auto* point = static_cast<Point*>(handle->data);
  auto at_prepare = std::move(point->at_prepare);
  bool is_void = point->generation != current_generation;
  uv_close(reinterpret_cast<uv_handle_t*>(&point->prepare), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&point->idle), closed);
  if (!is_void) at_prepare();
}

}  // namespace

void ForkPoint::schedule(uv_loop_t* loop, std::function<void()> at_prepare) {
  auto* point = new Point{{}, {}, std::move(at_prepare), current_generation};
  uv_prepare_init(loop, &point->prepare);
  uv_idle_init(loop, &point->idle);
  point->prepare.data = point;
  point->idle.data = point;
  uv_prepare_start(&point->prepare, run);
  uv_idle_start(&point->idle, [](uv_idle_t*) {});
}

void ForkPoint::void_in_child() { current_generation++; }

}  // namespace forkmap
