import type { Outcome } from '@forkmap/native';
import { expect, it } from 'vitest';
import { oomCounters, oomKillCounter } from './oom.js';
import { errorOfOutcome } from './outcome.js';
import { PROTOCOL } from './protocol.js';

it.each([
  ['version 2', '0::/user.slice/app\n', '/sys/fs/cgroup/user.slice/app/memory.events'],
  ['version 2, in a container', '0::/\n', '/sys/fs/cgroup/memory.events'],
  ['version 1', '5:cpu:/\n4:memory:/app/1\n0::/\n', '/sys/fs/cgroup/memory/app/1/memory.oom_control'],
  [
    'version 1, of two controllers',
    '4:hugetlb,memory:/a:b\n',
    '/sys/fs/cgroup/memory/a:b/memory.oom_control',
  ],
])('what the OOM killer ends is counted by cgroups of %s', (_version, cgroups, path) => {
  expect(oomCounters(cgroups)[0]).toBe(path);
});

it('nothing is counted where there are no cgroups', () => {
  expect(oomCounters('')).toEqual([]);
  expect(oomKillCounter()()).toBe(0);
});

it.each([
  [1, /was killed by the kernel's OOM killer: the memory of this cgroup was used up \[/],
  [0, /was killed by SIGKILL \[/],
])('a death by SIGKILL while the OOM killer ended %i says who did it', (kills, message) => {
  const outcome = { ending: PROTOCOL.ending.left, isReaped: true, signal: 9, pid: 7 } as Outcome;
  const error = errorOfOutcome(outcome, { subject: 'item 3', oomKills: () => kills });
  expect(error).toMatchObject({ code: 'ERR_FORKMAP_KILLED', signal: 'SIGKILL' });
  expect(error?.message).toMatch(message);
});
