import { readFileSync } from 'node:fs';
import { forkMap, forkMapSync } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { expect, it } from 'vitest';

/** Where mappings begin that a fork would not copy. SOURCE: proc_pid_smaps(5), VmFlags: dc is MADV_DONTFORK. */
function hiddenMappings(): { hidden: Set<string>; visible: Set<string> } {
  const hidden = new Set<string>();
  const visible = new Set<string>();
  let start = '';
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    const range = /^([0-9a-f]+)-[0-9a-f]+ /.exec(line);
    if (range) start = range[1] as string;
    if (line.startsWith('VmFlags:')) (line.includes(' dc') ? hidden : visible).add(start);
  }
  return { hidden, visible };
}

it.each<[string, () => unknown]>([
  ['forkMapSync', () => forkMapSync(() => 1)],
  ['forkMap', () => forkMap(() => 1)],
  ['parMap', () => parMap([1, 2, 3], () => 1, { chunk: 1 })],
])('the heap is hidden from the processes of others again after %s', async (_name, act) => {
  const before = hiddenMappings();
  expect(before.hidden.size).toBeGreaterThan(10);
  await act();
  const after = hiddenMappings();
  expect([...before.hidden].filter((start) => after.visible.has(start))).toEqual([]);
  // And nothing else was hidden: a later fork would miss it.
  expect([...before.visible].filter((start) => after.hidden.has(start))).toEqual([]);
});
