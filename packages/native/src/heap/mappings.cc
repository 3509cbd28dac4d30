#include "heap/mappings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sys/calls.h"
#include "sys/fault.h"

namespace forkmap::heap {
namespace {

// Flags that change nothing of what a mapping is to a program: permissions, accounting, transparent huge pages.
// SOURCE: proc_pid_smaps(5), VmFlags. Not here: of a device, locked, wiped or left out at a fork or of a dump, growing,
// watched by userfaultfd…
constexpr const char* kPlainFlags[] = {"rd", "wr", "ex", "mr", "mw", "me", "dw", "ac", "nr", "sd", "nh", "hg", "mg"};

bool is_plain_flag(const char* flag) {
  for (const char* plain : kPlainFlags) {
    if (flag[0] == plain[0] && flag[1] == plain[1]) return true;
  }
  return false;
}

// `rd wr mr …`, to the line's end.
bool has_plain_flags(const char* at) {
  for (; *at && *at != '\n'; at++) {
    if (*at == ' ') continue;
    if (!is_plain_flag(at)) return false;
    at++;
  }
  return true;
}

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
                                 {"AnonHugePages:", &Mapping::huge_kib}};
  for (const Number& number : kNumbers) {
    size_t length = strlen(number.key);
    if (strncmp(line, number.key, length) == 0) mapping.*number.field = strtoul(line + length, nullptr, 10);
  }
  if (strncmp(line, "ProtectionKey:", 14) == 0 && strtoul(line + 14, nullptr, 10) != 0) mapping.is_plain = false;
  if (strncmp(line, "VmFlags:", 8) == 0 && !has_plain_flags(line + 8)) mapping.is_plain = false;
}

bool is_head(const char* line) { return (*line >= '0' && *line <= '9') || (*line >= 'a' && *line <= 'f'); }

}  // namespace

Status read_file(const char* path, std::vector<char>& text) {
  if (int number = fault::due(fault::Call::kOpen)) return SysError{number, "open"};
  UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file) return SysError{errno, "open"};
  size_t used = 0;
  for (;;) {
    if (text.size() < used + 65536) text.resize(text.size() * 2 + 65536);
    auto got = sys::read_some(file.get(), text.data() + used, text.size() - used - 1);
    if (!got) return got.error();
    if (got.value() == 0) break;
    used += got.value();
  }
  text[used] = '\0';
  return Done{};
}

Status read_mappings(std::vector<Mapping>& mappings) {
  std::vector<char> text;
  Status read = read_file("/proc/self/smaps", text);
  if (!read) return read;
  mappings.clear();
  for (const char* line = text.data(); *line; line = strchr(line, '\n') + 1) {
    if (is_head(line)) {
      mappings.push_back(parse_head(line));
    } else if (!mappings.empty()) {
      parse_detail(line, mappings.back());
    }
  }
  return Done{};
}

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

bool is_unnamed(const char* name) { return *name == '\n' || strncmp(name, "[anon:", 6) == 0; }

}  // namespace forkmap::heap
