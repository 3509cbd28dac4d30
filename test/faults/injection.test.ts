import { ForkError, type ForkErrorCode, forkMap, forkMapSync } from '@forkmap/core';
import { EFFECT_OF_CODE } from '@forkmap/core/internal';
import { parMap } from '@forkmap/pool';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ERRNOS, faults, planFault } from '../helpers/faults.js';
import { expectNoLeaks } from '../helpers/leaks.js';
import { warmPool } from '../helpers/runs.js';

vi.hoisted(() => {
  process.env.FORKMAP_ADDON = 'faults';
});

expectNoLeaks(() => warmPool(2));
afterEach(() => faults().clear());

const ITEMS = [0, 1, 2, 3];
const double = (item: number) => item * 2;

/** Each way of calling, with what it gives where nothing fails. */
const CALLS: readonly (readonly [name: string, call: () => Promise<unknown>, expected: unknown])[] = [
  ['forkMapSync', async () => forkMapSync(() => 42), 42],
  ['forkMap', () => forkMap(() => 42), 42],
  ['parMap', () => parMap(ITEMS, double, { chunk: 2, lanes: 2 }), ITEMS.map(double)],
  [
    "parMap (isolation 'lane')",
    () => parMap(ITEMS, double, { chunk: 1, lanes: 1, isolation: 'lane' }),
    ITEMS.map(double),
  ],
  ['parMap (lanes promoted)', () => parMap(ITEMS, double, { chunk: 1, lanes: 1 }), ITEMS.map(double)],
];

/** What may be reported when a call of that kind fails: never anything that claims more than is known. */
const CODES: Record<string, readonly ForkErrorCode[]> = {
  pipe2: ['ERR_FORKMAP_PIPE'],
  socketpair: ['ERR_FORKMAP_PIPE'],
  eventfd: ['ERR_FORKMAP_PIPE'],
  mmap: ['ERR_FORKMAP_PIPE'],
  fork: ['ERR_FORKMAP_FORK'],
  open: ['ERR_FORKMAP_FORK'],
  madvise: ['ERR_FORKMAP_FORK'],
  wait4: ['ERR_FORKMAP_WAIT'],
  // Of /proc before the fork, or of the result pipe.
  read: ['ERR_FORKMAP_FORK', 'ERR_FORKMAP_READ', 'ERR_FORKMAP_TRUNCATED'],
  write: ['ERR_FORKMAP_WRITE'],
  // In the driver, or in the snapshot, which leaves.
  poll: ['ERR_FORKMAP_READ', 'ERR_FORKMAP_FORK', 'ERR_FORKMAP_WAIT'],
  sendmsg: ['ERR_FORKMAP_FORK', 'ERR_FORKMAP_WAIT', 'ERR_FORKMAP_TRUNCATED'],
  recvmsg: ['ERR_FORKMAP_FORK', 'ERR_FORKMAP_WAIT', 'ERR_FORKMAP_TRUNCATED', 'ERR_FORKMAP_EXITED'],
};
/** A call of many chunks, whose snapshot moves its memory to a file: what fails of that is done without, if it can be. */
const MANY = Array.from({ length: 32 }, (_, item) => item);
const LEAN_CODES: typeof CODES = {
  ...Object.fromEntries(
    ['open', 'read', 'write', 'madvise'].map((syscall) => [syscall, CODES[syscall] ?? []]),
  ),
  memfd_create: [],
  // The board's, or that of memory of the snapshot's own, which leaves.
  mmap: ['ERR_FORKMAP_PIPE', 'ERR_FORKMAP_FORK'],
};
const LEAN_CALL = {
  name: 'parMap (of many chunks)',
  call: () => parMap(MANY, double, { chunk: 1, lanes: 1 }),
  expected: MANY.map(double),
};

const NEVER_AN_ERROR = new Set(['EINTR']);
const RETRIED_BY_THE_LAYER = new Set(['read', 'write', 'poll', 'sendmsg', 'recvmsg', 'wait4']);

describe.each([
  ...CALLS.map(([name, call, expected]) => ({ name, call, expected, codesOf: CODES })),
  { ...LEAN_CALL, codesOf: LEAN_CODES },
])('$name', ({ call, expected, codesOf }) => {
  describe.each(Object.entries(codesOf))('with a failing %s', (syscall, codes) => {
    it.each(ERRNOS)('(%s) gives its result, or an error that says what is known', async (errno) => {
      for (const nth of [1, 2, 3]) {
        planFault(syscall, nth, errno);
        const [settled] = await Promise.allSettled([call()]);
        faults().clear();
        if (settled.status === 'fulfilled') {
          expect(settled.value).toEqual(expected);
          continue;
        }
        const what = `${syscall} ${nth} ${errno}`;
        const error = settled.reason as ForkError;
        expect(error, what).toBeInstanceOf(ForkError);
        expect(codes, `${what}: ${error.message}`).toContain(error.code);
        expect(error.effect, what).toBe(EFFECT_OF_CODE[error.code]);
        if (RETRIED_BY_THE_LAYER.has(syscall))
          expect(NEVER_AN_ERROR.has(errno), `${what}: ${error.message}`).toBe(false);
      }
    });
  });
});
