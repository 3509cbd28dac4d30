#include "heap/mappings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <iterator>

#include "sys/calls.h"
#include "sys/fault.h"

namespace forkmap::heap {
namespace {

// Flags that change nothing of what a mapping is to a program: permissions, accounting, transparent huge pages.
// SOURCE: proc_pid_smaps(5), VmFlags. Not here: of a device, locked, wiped or left out at a fork or of a dump, growing,
// watched by userfaultfd…
constexpr const char* kPlainFlags[] = {"rd", "wr", "ex", "mr", "mw", "me", "dw", "ac", "nr", "sd", "nh", "hg", "mg"};
constexpr const char* kHiddenFlag = "dc";

bool is_flag(const char* at, const char* flag) { return at[0] == flag[0] && at[1] == flag[1]; }

bool is_plain_flag(const char* at) {
  return std::any_of(std::begin(kPlainFlags), std::end(kPlainFlags),
                     [&](const char* flag) { return is_flag(at, flag); });
}

// `rd wr mr …`, to the line's end.
void parse_flags(const char* at, Mapping& mapping) {
  for (; *at && *at != '\n'; at++) {
    if (*at == ' ') continue;
    if (is_flag(at, kHiddenFlag)) mapping.is_hidden = true;
    if (!is_plain_flag(at)) mapping.is_plain = false;
    at++;
  }
}

// The hexadecimal number that begins here; `at` is moved behind it.
uintptr_t parse_hex(const char*& at) {
  uintptr_t value = 0;
  for (;; at++) {
    if (*at >= '0' && *at <= '9') {
      value = value * 16 + static_cast<uintptr_t>(*at - '0');
    } else if (*at >= 'a' && *at <= 'f') {
      value = value * 16 + static_cast<uintptr_t>(*at - 'a' + 10);
    } else {
      return value;
    }
  }
}

// Whether it is nobody's by name: neither a file's nor the kernel's own. `name` is to the line's end.
bool is_unnamed(const char* name) { return *name == '\n' || strncmp(name, "[anon:", 6) == 0; }

// `start-end perms offset dev inode   name`
Mapping parse_head(const char* at) {
  Mapping mapping{};
  mapping.start = parse_hex(at);
  at++;
  mapping.end = parse_hex(at);
  at++;
  mapping.protection =
      (at[0] == 'r' ? PROT_READ : 0) | (at[1] == 'w' ? PROT_WRITE : 0) | (at[2] == 'x' ? PROT_EXEC : 0);
  mapping.is_private = at[3] == 'p';
  for (int field = 0; field < 3; field++) at = strchr(at, ' ') + 1;  // to the inode
  mapping.is_file = *at != '0';
  while (*at != ' ' && *at != '\n') at++;
  while (*at == ' ') at++;
  mapping.is_brk = strncmp(at, "[heap]", 6) == 0;
  mapping.is_anonymous = !mapping.is_file && (mapping.is_brk || is_unnamed(at));
  mapping.is_plain = true;  // until its flags say otherwise
  return mapping;
}

// `Key:   value`, of the mapping that was named last.
void parse_detail(const char* line, Mapping& mapping) {
  struct Number {
    const char* key;
    size_t Mapping::*field;
  };
  constexpr Number kNumbers[] = {{"Rss:", &Mapping::resident_kib},
                                 {"Anonymous:", &Mapping::anonymous_kib},
                                 {"AnonHugePages:", &Mapping::huge_kib},
                                 {"ShmemPmdMapped:", &Mapping::huge_kib}};
  for (const Number& number : kNumbers) {
    size_t length = strlen(number.key);
    if (strncmp(line, number.key, length) == 0) mapping.*number.field += strtoul(line + length, nullptr, 10);
  }
  if (strncmp(line, "ProtectionKey:", 14) == 0 && strtoul(line + 14, nullptr, 10) != 0) mapping.is_plain = false;
  if (strncmp(line, "VmFlags:", 8) == 0) parse_flags(line + 8, mapping);
}

bool is_head(const char* line) { return (*line >= '0' && *line <= '9') || (*line >= 'a' && *line <= 'f'); }

// WHY so many: memory that is never touched costs nothing, and a second reading does.
constexpr size_t kFirstBytes = 1 << 20;
constexpr size_t kFirstMappings = 4096;

// The whole of a file that `room` bytes hold, and a zero behind it; as many bytes as there is room for where they do
// not.
Result<size_t> read_file(const char* path, char* into, size_t room) {
  if (int number = fault::due(fault::Call::kOpen)) return SysError{number, "open"};
  UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  // WHY its name: it is no file that may come and go, but the whole of /proc that is missing.
  if (!file) return SysError{errno, errno == ENOENT ? "/proc" : "open"};
  size_t used = 0;
  while (used < room) {
    auto got = sys::read_some(file.get(), into + used, room - used);
    if (!got) return got.error();
    if (got.value() == 0) {
      into[used] = '\0';
      break;
    }
    used += got.value();
  }
  return used;
}

}  // namespace

MappingTable::MappingTable() : text_(new char[kFirstBytes]), text_bytes_(kFirstBytes) { all_.reserve(kFirstMappings); }

Status MappingTable::read(const char* path) {
  for (;;) {
    auto used = read_file(path, text_.get(), text_bytes_);
    if (!used) return used.error();
    if (used.value() == text_bytes_) {
      text_bytes_ *= 4;
      text_.reset(new char[text_bytes_]);
    } else if (parse()) {
      return Done{};
    }
  }
}

bool MappingTable::parse() {
  size_t room = all_.capacity();
  all_.clear();
  for (const char* line = text_.get(); *line; line = strchr(line, '\n') + 1) {
    if (is_head(line)) {
      all_.push_back(parse_head(line));
    } else if (!all_.empty()) {
      parse_detail(line, all_.back());
    }
  }
  return all_.capacity() == room;
}

}  // namespace forkmap::heap
