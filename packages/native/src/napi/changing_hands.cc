#include "napi/changing_hands.h"

#ifdef FORKMAP_FAULTS
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "fork/fork_lock.h"
#include "heap/fork_visibility.h"
#include "heap/mappings.h"

namespace forkmap {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kRegionPages = 64;
constexpr size_t kRegionBytes = kRegionPages * kPage;

char* map_at(void* address, size_t bytes, int flags = MAP_FIXED) {
  void* at = ::mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  return static_cast<char*>(at);
}

// Three regions, one after the other, of which the middle one is there; unmapped at the end.
class Region {
 public:
  Region() : below_(map_at(nullptr, 3 * kRegionBytes, 0)) {
    ::munmap(below_, kRegionBytes);
    ::munmap(end(), kRegionBytes);
  }
  ~Region() { ::munmap(below_, 3 * kRegionBytes); }
  Region(const Region&) = delete;
  char* below() const { return below_; }
  char* start() const { return below_ + kRegionBytes; }
  char* end() const { return start() + kRegionBytes; }

 private:
  char* below_;
};

bool is_hidden(const char* address) {
  heap::MappingTable table;
  if (!table.read("/proc/self/smaps")) return true;
  auto at = reinterpret_cast<uintptr_t>(address);
  for (const heap::Mapping& mapping : table.all()) {
    if (mapping.start <= at && at < mapping.end) return mapping.is_hidden;
  }
  return false;
}

class Findings {
 public:
  explicit Findings(Napi::Env env) : list_(Napi::Array::New(env)) {}
  void add(const char* what) { list_.Set(list_.Length(), what); }
  Napi::Array list() const { return list_; }

 private:
  Napi::Array list_;
};

// SOURCE: mincore(2): ENOMEM where a page is not mapped.
bool is_there(const heap::Mapping& mapping) {
  unsigned char residence[4096];
  for (uintptr_t at = mapping.start; at < mapping.end; at += sizeof residence * kPage) {
    size_t bytes = std::min(mapping.end - at, sizeof residence * kPage);
    if (::mincore(reinterpret_cast<void*>(at), bytes, residence) < 0) return false;
  }
  return true;
}

// As a fork does, with what another thread does between the fork and the hiding.
template <class Act>
void fork_while(Act act) {
  fork_lock::Exclusive lock;
  heap::ForkVisibility visibility;
  if (!visibility.find_hidden() || !visibility.show()) return;
  std::thread(act).join();
  visibility.hide();
}

}  // namespace

Napi::Value changed_before_hiding(const Napi::CallbackInfo& info) {
  Findings findings(info.Env());
  auto check = [&](const char* what, auto act, auto probe) {
    Region region;
    ::madvise(region.start(), kRegionBytes, MADV_DONTFORK);
    fork_while([&] { act(region); });
    if (is_hidden(probe(region))) findings.add(what);
  };
  auto middle = [](const Region& region) { return region.start() + kRegionBytes / 2; };
  check(
      "a part of it",
      [&](const Region& region) {
        ::munmap(region.start(), kRegionBytes);
        map_at(middle(region), kPage);
      },
      middle);
  check(
      "more than it",
      [](const Region& region) {
        ::munmap(region.start(), kRegionBytes);
        map_at(region.below(), 3 * kRegionBytes);
      },
      middle);
  check(
      "all of it, with other rights",
      [](const Region& region) {
        ::munmap(region.start(), kRegionBytes);
        map_at(region.start(), kRegionBytes);
        ::mprotect(region.start(), kRegionBytes, PROT_READ);
      },
      middle);
  Region untouched;
  ::madvise(untouched.start(), kRegionBytes, MADV_DONTFORK);
  fork_while([] { map_at(nullptr, kPage, 0)[0] = 1; });
  if (!is_hidden(untouched.start())) findings.add("what did not change was not hidden again");
  return findings.list();
}

Napi::Value changed_while_finding(const Napi::CallbackInfo& info) {
  Findings findings(info.Env());
  for (int round = 0; round < 100; round++) {
    Region region;
    std::atomic<bool> should_stop = false;
    std::thread other([&] {
      while (!should_stop) {
        ::munmap(region.start(), kRegionBytes);
        map_at(region.start(), kRegionBytes);
      }
    });
    {
      fork_lock::Exclusive lock;
      heap::ForkVisibility visibility;
      bool is_shown = visibility.find_hidden() && visibility.show();
      should_stop = true;
      other.join();
      if (is_shown) visibility.hide();
    }
    if (is_hidden(region.start())) findings.add("a mapping that was never hidden");
  }
  return findings.list();
}

Napi::Value gone_but_listed(const Napi::CallbackInfo& info) {
  Findings findings(info.Env());
  ::mallopt(M_MMAP_THRESHOLD, 65536);  // WHY: beyond it, what is let go of is gone at once
  heap::MappingTable table;
  for (size_t count : {4'000, 24'000}) {  // the second reading finds the table grown, and too small
    char* all = map_at(nullptr, count * kPage, 0);
    for (size_t page = 0; page < count; page += 2) ::mprotect(all + page * kPage, kPage, PROT_READ);
    if (!table.read("/proc/self/maps") || table.all().size() < count) findings.add("not read");
    for (const heap::Mapping& mapping : table.all()) {
      if (mapping.is_anonymous && !is_there(mapping)) findings.add(std::to_string(mapping.start).c_str());
    }
    ::munmap(all, count * kPage);
  }
  return findings.list();
}

}  // namespace forkmap
#endif
