#include "v8/barrier.h"

#include <condition_variable>
#include <mutex>

#include "v8/child_platform.h"

namespace forkmap::v8_rest {

struct Barrier::State {
  std::mutex mutex;
  std::condition_variable changed;
  int parked = 0;
  bool is_released = false;
};

class Barrier::ParkTask : public v8::Task {
 public:
  explicit ParkTask(std::shared_ptr<State> state) : state_(std::move(state)) {}
  void Run() override {
    std::unique_lock lock(state_->mutex);
    state_->parked++;
    state_->changed.notify_all();
    state_->changed.wait(lock, [this] { return state_->is_released; });
    lock.unlock();
    state_->changed.notify_one();  // see release()
  }

 private:
  std::shared_ptr<State> state_;
};

bool Barrier::raise(node_platform::Platform* platform, std::chrono::milliseconds limit) {
  // WHY less one: it counts the delayed-task scheduler's thread, which runs no tasks itself.
  // SOURCE: node 20 to 26, src/node_platform.cc, WorkerThreadsTaskRunner.
  int threads =
      child_platform::is_installed() ? child_platform::worker_threads() : node_platform::worker_threads(platform) - 1;
  if (threads <= 0) return true;
  state_ = std::make_shared<State>();
  for (int i = 0; i < threads; i++) node_platform::post(platform, std::make_unique<ParkTask>(state_));
  std::unique_lock lock(state_->mutex);
  bool all_parked = state_->changed.wait_for(lock, limit, [&] { return state_->parked == threads; });
  lock.unlock();
  if (!all_parked) release();
  return all_parked;
}

void Barrier::release() {
  if (!state_) return;
  {
    std::lock_guard lock(state_->mutex);
    state_->is_released = true;
  }
  // WHY one, who wakes the next: to wake a thread takes as long as all else that is done here, and the child needs a
  // CPU.
  state_->changed.notify_one();
  state_.reset();
}

}  // namespace forkmap::v8_rest
