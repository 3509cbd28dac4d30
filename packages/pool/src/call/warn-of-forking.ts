let hasWarned = false;

/** Says once in this thread's life that a call has mostly forked, if it has. */
export function warnOfForking(message: string | undefined): void {
  if (hasWarned || message === undefined) return;
  hasWarned = true;
  process.emitWarning(message, { type: 'ForkmapWarning', code: 'FORKMAP_MOSTLY_FORKING' });
}
