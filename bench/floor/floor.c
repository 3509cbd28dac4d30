/*
 * The floor: what fork, _exit and wait take in a C program with the memory of another process.
 *
 *   floor MAPPINGS TIMES    prints its resident KiB, then the ms of each fork, one per line
 *
 * MAPPINGS has one line per mapping of that process: start end protection resident-KiB written-KiB huge-KiB offset file.
 * Each is made here at the same address with the same size and protection, and as many of its pages are touched: written
 * where they were private there, read where they came from a file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct mapping {
  uintptr_t start, end;
  char protection[8];
  size_t resident_kib, written_kib, huge_kib, offset;
  char file[512];
};

static int protection_of(const char *letters) {
  return (letters[0] == 'r' ? PROT_READ : 0) | (letters[1] == 'w' ? PROT_WRITE : 0) |
         (letters[2] == 'x' ? PROT_EXEC : 0);
}

static char *map(const struct mapping *m, int protection) {
  int file = m->file[0] == '/' ? open(m->file, O_RDONLY | O_CLOEXEC) : -1;
  int sharing = m->protection[3] == 's' && file < 0 ? MAP_SHARED : MAP_PRIVATE;
  int flags = sharing | MAP_NORESERVE | (file < 0 ? MAP_ANONYMOUS : 0);
  size_t bytes = m->end - m->start;
  off_t offset = file < 0 ? 0 : (off_t)m->offset;
  char *at = mmap((void *)m->start, bytes, protection, flags | MAP_FIXED_NOREPLACE, file, offset);
  /* The address may be taken by this program itself: then anywhere. */
  if (at == MAP_FAILED) at = mmap(NULL, bytes, protection, flags, file, offset);
  if (file >= 0) close(file);
  return at;
}

static void copy(const struct mapping *m) {
  char *at = map(m, PROT_READ | PROT_WRITE);
  if (at == MAP_FAILED) return;
  size_t bytes = m->end - m->start;
  if (m->huge_kib == 0) madvise(at, bytes, MADV_NOHUGEPAGE);
  size_t written = m->written_kib * 1024, resident = m->resident_kib * 1024;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t i = 0; i < bytes && i < resident; i += page) {
    if (i < written || m->file[0] != '/') at[i] = 1;
    else (void)*(volatile char *)(at + i);
  }
  mprotect(at, bytes, protection_of(m->protection));
}

static long resident_kib(void) {
  long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "re");
  if (!statm || fscanf(statm, "%*d %ld", &pages) != 1) exit(1);
  fclose(statm);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double fork_once(void) {
  double began = now_ms();
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  if (pid < 0 || waitpid(pid, NULL, 0) != pid) {
    perror("fork");
    exit(1);
  }
  return now_ms() - began;
}

int main(int argc, char **argv) {
  FILE *lines = argc == 3 ? fopen(argv[1], "re") : NULL;
  if (!lines) {
    fprintf(stderr, "usage: floor MAPPINGS TIMES\n");
    return 2;
  }
  struct mapping m;
  while (fscanf(lines, "%lx %lx %7s %zu %zu %zu %zx %511s", &m.start, &m.end, m.protection, &m.resident_kib,
                &m.written_kib, &m.huge_kib, &m.offset, m.file) == 8) {
    copy(&m);
  }
  fclose(lines);
  printf("%ld\n", resident_kib());
  fflush(stdout); /* WHY: a child must not inherit what is not yet written. */
  fork_once();
  for (int i = atoi(argv[2]); i > 0; i--) printf("%.4f\n", fork_once());
  return 0;
}
