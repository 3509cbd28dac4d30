const DEAD = /^(write|read|shutdown) (EINVAL|EBADF)$/;

/**
 * Says on what Node throws at a dead descriptor why it is dead: a bare `write EINVAL` tells nobody that a connection was
 * opened before the fork.
 */
export function explained(error: unknown): unknown {
  try {
    const { message, stack, syscall } = error as NodeJS.ErrnoException;
    if (typeof syscall !== 'string' || !DEAD.test(message)) return error;
    const fuller = `${message}: a socket or pipe that was open before the call is dead in its children; open it in \`setup\``;
    Object.assign(error as Error, { message: fuller, stack: stack?.replace(message, () => fuller) });
  } catch {
    // WHY nothing: it is frozen, or no error at all. It is sent as it is.
  }
  return error;
}
