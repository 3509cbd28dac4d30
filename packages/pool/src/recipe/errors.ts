import { forkError } from '@forkmap/core/internal';

/** A function that is no task was given to a call whose items run in spawned processes. */
export function closureError(fn: { name: string }): Error {
  const name = fn.name === '' ? 'a function' : `the function '${fn.name}'`;
  return forkError(
    'ERR_FORKMAP_UNSUPPORTED',
    `${name} is a closure, which cannot be sent to a spawned process. Export it from a module, and give ` +
      "task(import.meta.url, 'its name') in its place; or use engine 'fork', where the platform has it, or 'inline'",
  );
}
