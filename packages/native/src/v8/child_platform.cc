#include "v8/child_platform.h"

#include <pthread.h>
#include <uv.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <new>

namespace forkmap::child_platform {
namespace {

// The queue of one child. Lives in static storage, so that installing it allocates nothing.
struct Queue {
  std::mutex mutex;
  std::condition_variable posted;
  std::condition_variable idle;
  std::deque<std::unique_ptr<v8::Task>>* tasks = nullptr;  // made with the first task
  int outstanding = 0;                                     // queued and running
  int served = 0;
  bool is_served = false;
  bool has_thread = false;
  bool is_ending = false;  // whoever serves it is to stop when it is empty
};
alignas(Queue) char queue_storage[sizeof(Queue)];
Queue* queue = nullptr;
bool installed = false;

// INVARIANT: under the queue's lock, and there is one.
std::unique_ptr<v8::Task> take() {
  auto task = std::move(queue->tasks->front());
  queue->tasks->pop_front();
  return task;
}

void run(std::unique_ptr<v8::Task> task) {
  task->Run();
  task.reset();
  std::lock_guard lock(queue->mutex);
  queue->served++;
  if (--queue->outstanding == 0) queue->idle.notify_all();
}

void serve(void*) {
  for (;;) {
    std::unique_lock lock(queue->mutex);
    queue->posted.wait(lock, [] { return !queue->tasks->empty(); });
    auto task = take();
    lock.unlock();
    run(std::move(task));
  }
}

void serve_until_empty(void*) {
  for (;;) {
    std::unique_lock lock(queue->mutex);
    if (queue->tasks->empty()) return;
    auto task = take();
    lock.unlock();
    run(std::move(task));
  }
}

void serve_until_ended(void*) {
  for (;;) {
    std::unique_lock lock(queue->mutex);
    queue->posted.wait(lock, [] { return queue->is_ending || (queue->tasks && !queue->tasks->empty()); });
    if (!queue->tasks || queue->tasks->empty()) return;
    auto task = take();
    lock.unlock();
    run(std::move(task));
  }
}

// INVARIANT: under the queue's lock.
// WHY libuv's: it gives a thread as large a stack as Node gives its own for the same tasks; a C library may give less.
// WHY not std::thread: where the system has no thread left (ulimit -u, pids.max), it ends the process. Then the tasks
// wait for the next try, or until this thread has nothing else to do: see drain().
void ensure_thread() {
  if (queue->has_thread) return;
  uv_thread_t thread;
  queue->has_thread = uv_thread_create(&thread, serve, nullptr) == 0;
  if (queue->has_thread) ::pthread_detach(thread);
}

void post(std::unique_ptr<v8::Task> task) {
  std::lock_guard lock(queue->mutex);
  if (!queue->tasks) queue->tasks = new std::deque<std::unique_ptr<v8::Task>>;
  queue->tasks->push_back(std::move(task));
  queue->outstanding++;
  if (queue->is_served) ensure_thread();
  queue->posted.notify_one();
}

// Where there is no other thread to run them.
void run_on_own_thread() {
  std::unique_lock lock(queue->mutex);
  bool must = queue->is_served && !queue->has_thread && queue->outstanding > 0;
  lock.unlock();
  if (must) serve_until_empty(nullptr);
}

constexpr auto kFlushEvery = std::chrono::milliseconds(1);

// WHY: Node's own DrainTasks waits for the barrier's tasks too, which never end in a child.
void drain(node_platform::Platform* platform, v8::Isolate* isolate) {
  for (;;) {
    run_on_own_thread();
    std::unique_lock lock(queue->mutex);
    // WHY not for as long as it takes: background work that needs memory waits until this thread has collected garbage,
    // which it asks for by a foreground task.
    bool is_idle = queue->idle.wait_for(lock, kFlushEvery, [] { return queue->outstanding == 0; });
    lock.unlock();
    bool has_run = node_platform::flush(platform, isolate);
    if (is_idle && !has_run) return;
  }
}

}  // namespace

bool install_in_child(node_platform::Platform* platform) {
  // WHY: a child's child keeps the tasks that were queued; the thread that served them is gone, its locks are free,
  // because it was parked at the barrier or idle when we forked.
  auto* tasks = queue ? queue->tasks : nullptr;
  queue = new (queue_storage) Queue;
  queue->tasks = tasks;
  queue->outstanding = tasks ? static_cast<int>(tasks->size()) : 0;
  if (installed) return true;
  installed = true;
  return node_platform::redirect_in_child(platform, {post, drain});
}

void start_in_child() {
  std::lock_guard lock(queue->mutex);
  queue->is_served = true;
  if (queue->outstanding > 0) ensure_thread();
}

void run_queued() {
  uv_thread_t thread;
  if (is_busy() && uv_thread_create(&thread, serve_until_empty, nullptr) == 0) uv_thread_join(&thread);
}

void serve_while(node_platform::Platform* platform, v8::Isolate* isolate, const std::function<void()>& act) {
  uv_thread_t server;
  bool is_served = uv_thread_create(&server, serve_until_ended, nullptr) == 0;
  act();
  // WHY: without a thread the tasks stay in the queue, for the children.
  if (!is_served) return;
  // WHY before the thread is waited for: what it is at may wait for this one.
  child_platform::drain(platform, isolate);
  {
    std::lock_guard lock(queue->mutex);
    queue->is_ending = true;
    queue->posted.notify_all();
  }
  uv_thread_join(&server);
  queue->is_ending = false;
}

bool is_installed() { return installed; }

bool is_busy() {
  if (!queue) return false;
  std::lock_guard lock(queue->mutex);
  return queue->outstanding > 0;
}

int served() {
  std::lock_guard lock(queue->mutex);
  return queue->served;
}

int worker_threads() { return queue && queue->has_thread ? 1 : 0; }

}  // namespace forkmap::child_platform
