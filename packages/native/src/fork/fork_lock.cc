#include "fork/fork_lock.h"

namespace forkmap::fork_lock {
namespace {

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

}  // namespace

Exclusive::Exclusive() { ::pthread_rwlock_wrlock(&lock); }
Exclusive::~Exclusive() { ::pthread_rwlock_unlock(&lock); }
Shared::Shared() { ::pthread_rwlock_rdlock(&lock); }
Shared::~Shared() { ::pthread_rwlock_unlock(&lock); }

void reset_in_child() {
  lock = PTHREAD_RWLOCK_INITIALIZER;
  ::pthread_rwlock_wrlock(&lock);  // the forking thread's own guard unlocks it
}

}  // namespace forkmap::fork_lock
