import { type ParMapOptions, type Task, task } from '@forkmap/pool';

const MODULE = new URL('../fixtures/tasks/functions.mjs', import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: whatever the module has
type Anything = (...args: any[]) => any;

/** A task of test/fixtures/tasks/functions.mjs. */
export function taskOf(name: string): Task<Anything> {
  return task<Anything>(MODULE, name);
}

export const SPAWNED = Object.freeze({ engine: 'spawn', lanes: 2 } as const satisfies ParMapOptions);
