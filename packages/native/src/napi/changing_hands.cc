#include "napi/changing_hands.h"

#ifdef FORKMAP_FAULTS
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <string>
#include <thread>

#include "fork/fork_lock.h"
#include "heap/fork_visibility.h"
#include "heap/mappings.h"
#include "sys/pages.h"

namespace forkmap {
namespace {

const size_t kPage = sys::kPageBytes;
constexpr size_t kRegionPages = 64;
const size_t kRegionBytes = kRegionPages * kPage;

char* map_at(void* address, size_t bytes, int flags = MAP_FIXED) {
  void* at = ::mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  return static_cast<char*>(at);
}

// Three regions, one after the other, the outer ones without rights. WHY they are there at all: what is allocated
// meanwhile would lie in a hole.
class Region {
 public:
  Region() : below_(map_at(nullptr, 3 * kRegionBytes, 0)) {
    ::mprotect(below_, kRegionBytes, PROT_NONE);
    ::mprotect(end(), kRegionBytes, PROT_NONE);
  }
  ~Region() { ::munmap(below_, 3 * kRegionBytes); }
  Region(const Region&) = delete;
  char* below() const { return below_; }
  char* start() const { return below_ + kRegionBytes; }
  char* end() const { return start() + kRegionBytes; }

  // As V8 does.
  void hide() const { ::madvise(start(), kRegionBytes, MADV_DONTFORK); }

 private:
  char* below_;
};

bool is_hidden(const char* address) {
  heap::MappingTable table;
  if (!table.read(heap::kOwnSmaps)) return true;
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

// As a fork does, with what another thread does between the fork and the hiding. WHY it is there before: those that
// this one begins are no others.
template <class Act>
void fork_while(Act act) {
  fork_lock::Exclusive lock;
  heap::ForkVisibility visibility;
  std::binary_semaphore is_due{0};
  std::thread other([&] {
    is_due.acquire();
    act();
  });
  bool is_shown = visibility.find_hidden() && visibility.show();
  is_due.release();
  other.join();
  if (is_shown) visibility.hide();
}

}  // namespace

Napi::Value changed_before_hiding(const Napi::CallbackInfo& info) {
  Findings findings(info.Env());
  auto check = [&](const char* what, bool should_hide, auto act) {
    Region region;
    region.hide();
    fork_while([&] { act(region); });
    if (is_hidden(region.start() + kRegionBytes / 2) != should_hide) findings.add(what);
  };
  check("a part of it", false, [](const Region& region) {
    ::munmap(region.start(), kRegionBytes);
    map_at(region.start() + kRegionBytes / 2, kPage);
  });
  check("more than it", false, [](const Region& region) { map_at(region.below(), 3 * kRegionBytes); });
  check("all of it, with other rights", false, [](const Region& region) {
    map_at(region.start(), kRegionBytes);
    ::mprotect(region.start(), kRegionBytes, PROT_READ);
  });
  check("nothing of it", true, [](const Region&) { ::munmap(map_at(nullptr, kPage, 0), kPage); });
  return findings.list();
}

Napi::Value changed_while_finding(const Napi::CallbackInfo& info) {
  Findings findings(info.Env());
  for (int round = 0; round < 100; round++) {
    heap::ForkVisibility visibility;  // before the region: what it allocates is not looked for in it
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
    if (!table.read(heap::kOwnMaps) || table.all().size() < count) findings.add("not read");
    for (const heap::Mapping& mapping : table.all()) {
      if (mapping.is_anonymous && !is_there(mapping)) findings.add(std::to_string(mapping.start).c_str());
    }
    ::munmap(all, count * kPage);
  }
  return findings.list();
}

}  // namespace forkmap
#endif
