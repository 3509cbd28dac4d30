import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import { countHoldings } from './leaks.js';

/**
 * A number that grows with every child of this process that is waited for: its children's page faults, and a process
 * cannot live without one. SOURCE: proc_pid_stat(5), field 11.
 */
export function reapedFaults(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[8]);
}

/** Awaits what `act` does, and fails the test if this process has forked meanwhile, or is about to. */
export async function expectNothingForked<T>(act: () => T): Promise<Awaited<T>> {
  const before = reapedFaults();
  const settled = await Promise.resolve(act()).then(
    (value) => () => value as Awaited<T>,
    (error: unknown) => () => {
      throw error;
    },
  );
  // A fork happens in the event loop's next turn.
  for (let i = 0; i < 3; i++) await turn();
  const holdings = countHoldings();
  expect([...(holdings.get('child') ?? []), ...(holdings.get('zombie') ?? [])], 'children').toEqual([]);
  expect(reapedFaults(), 'page faults of children that were waited for').toBe(before);
  return settled();
}
