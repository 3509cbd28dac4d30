#include "v8/node_platform.h"

#include <dlfcn.h>
#include <node.h>
#include <sys/mman.h>
#include <unistd.h>

#include <optional>

namespace forkmap::node_platform {
namespace {

// Numbers of slots in the method table.
struct Slots {
  int worker_threads;
  int flush;
  int drain;
  int post;
  bool has_urgency;  // `post` is given how urgent the task is, and by whom it is posted: Node 22 and later
};

constexpr uint32_t kFirstMajor = 20;
// SOURCE: Node 20 to 26, include/node/v8-platform.h and node.h: the virtual methods in their order.
constexpr Slots kSlotsByMajor[] = {
    {5, 23, 24, 7, false},  // 20
    {6, 28, 29, 9, false},  // 21
    {6, 22, 23, 20, true},  // 22
    {5, 21, 22, 19, true},  // 23
    {5, 20, 21, 18, true},  // 24
    {5, 20, 21, 18, true},  // 25
    {5, 21, 22, 19, true},  // 26
};
constexpr uint32_t kMajors = sizeof kSlotsByMajor / sizeof *kSlotsByMajor;

// More than any version has; what lies behind the table is the tables of other classes.
constexpr int kMostSlots = 40;

// SOURCE: node 20 to 26, src/node_platform.h, NodePlatform. The names say what each is given (Itanium C++ ABI, 5.1).
constexpr const char* kWorkerThreads = "_ZN4node12NodePlatform21NumberOfWorkerThreadsEv";
constexpr const char* kFlush = "_ZN4node12NodePlatform20FlushForegroundTasksEPN2v87IsolateE";
constexpr const char* kDrain = "_ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE";
constexpr const char* kPost =
    "_ZN4node12NodePlatform18CallOnWorkerThreadESt10unique_ptrIN2v84TaskESt14default_deleteIS3_EE";
constexpr const char* kPostUrgently =
    "_ZN4node12NodePlatform26PostTaskOnWorkerThreadImplEN2v812TaskPriorityE"
    "St10unique_ptrINS1_4TaskESt14default_deleteIS4_EERKNS1_14SourceLocationE";

// Written once, before anything else here is used.
std::optional<Slots> slots;

void** table_of(const Platform* platform) { return *reinterpret_cast<void** const*>(platform); }

// The slot that holds what Node exports by that name; nothing where it is in none, or in more than one.
std::optional<int> slot_of(void* const* table, const char* name) {
  void* method = ::dlsym(RTLD_DEFAULT, name);
  std::optional<int> found;
  if (!method) return found;
  for (int slot = 0; slot < kMostSlots; slot++) {
    if (table[slot] != method) continue;
    if (found) return std::nullopt;
    found = slot;
  }
  return found;
}

std::optional<Slots> slots_by_symbol(void* const* table) {
  auto worker_threads = slot_of(table, kWorkerThreads);
  auto flush = slot_of(table, kFlush);
  auto drain = slot_of(table, kDrain);
  auto urgent = slot_of(table, kPostUrgently);
  auto post = urgent ? urgent : slot_of(table, kPost);
  if (!worker_threads || !flush || !drain || !post) return std::nullopt;
  return Slots{*worker_threads, *flush, *drain, *post, urgent.has_value()};
}

std::optional<Slots> slots_by_table(uint32_t node_major) {
  if (node_major < kFirstMajor || node_major >= kFirstMajor + kMajors) return std::nullopt;
  return kSlotsByMajor[node_major - kFirstMajor];
}

// As the method in that slot, of an object that is the first argument.
template <class Function>
Function* method(Platform* platform, int slot) {
  return reinterpret_cast<Function*>(table_of(platform)[slot]);
}

// SOURCE: V8, include/v8-source-location.h: where a task is posted; shown in traces.
struct Location {
  const char* function = nullptr;
  const char* file = nullptr;
  size_t line = 0;
};
constexpr Location kNowhere;
constexpr int kMostUrgent = 2;  // v8::TaskPriority::kUserBlocking

Methods redirected;

// SOURCE: Itanium C++ ABI, 3.1.2.3: an argument whose class has a destructor is passed by its address; a unique_ptr is
// a pointer, in libstdc++ and libc++ alike.
std::unique_ptr<v8::Task> taken_from(v8::Task** task) {
  return std::unique_ptr<v8::Task>(std::exchange(*task, nullptr));
}

void post_in_child(void*, v8::Task** task) { redirected.post(taken_from(task)); }
void post_urgently_in_child(void*, int, v8::Task** task, const void*) { redirected.post(taken_from(task)); }
void drain_in_child(Platform* platform, v8::Isolate* isolate) { redirected.drain(platform, isolate); }

template <class Function>
bool replace(void** slot, Function* with) {
  auto page_bytes = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  uintptr_t page = reinterpret_cast<uintptr_t>(slot) & ~(page_bytes - 1);
  if (::mprotect(reinterpret_cast<void*>(page), page_bytes, PROT_READ | PROT_WRITE) < 0) return false;
  *slot = reinterpret_cast<void*>(with);
  return ::mprotect(reinterpret_cast<void*>(page), page_bytes, PROT_READ) == 0;
}

}  // namespace

Platform* current() {
  auto context = v8::Isolate::GetCurrent()->GetCurrentContext();
  // WHY the same address: v8::Platform is the first base of all classes between.
  return reinterpret_cast<Platform*>(node::GetMultiIsolatePlatform(node::GetCurrentEnvironment(context)));
}

Knowledge find_slots(uint32_t node_major) {
  slots = slots_by_symbol(table_of(current()));
  if (slots) return Knowledge::kBySymbol;
  slots = slots_by_table(node_major);
  return slots ? Knowledge::kByTable : Knowledge::kNone;
}

int worker_threads(Platform* platform) { return method<int(Platform*)>(platform, slots->worker_threads)(platform); }

void post(Platform* platform, std::unique_ptr<v8::Task> task) {
  v8::Task* raw = task.release();
  if (slots->has_urgency) {
    method<void(Platform*, int, v8::Task**, const Location*)>(platform, slots->post)(platform, kMostUrgent, &raw,
                                                                                     &kNowhere);
  } else {
    method<void(Platform*, v8::Task**)>(platform, slots->post)(platform, &raw);
  }
  delete raw;  // what the method has left of its argument is the caller's to destroy
}

bool flush(Platform* platform, v8::Isolate* isolate) {
  return method<bool(Platform*, v8::Isolate*)>(platform, slots->flush)(platform, isolate);
}

void drain(Platform* platform, v8::Isolate* isolate) {
  method<void(Platform*, v8::Isolate*)>(platform, slots->drain)(platform, isolate);
}

bool redirect_in_child(Platform* platform, const Methods& methods) {
  redirected = methods;
  void** table = table_of(platform);
  bool is_posting_replaced = slots->has_urgency ? replace(table + slots->post, post_urgently_in_child)
                                                : replace(table + slots->post, post_in_child);
  return is_posting_replaced && replace(table + slots->drain, drain_in_child);
}

#ifdef FORKMAP_FAULTS
Knowledge find_slots_by_table(uint32_t node_major) {
  slots = slots_by_table(node_major);
  return slots ? Knowledge::kByTable : Knowledge::kNone;
}
#endif

}  // namespace forkmap::node_platform
