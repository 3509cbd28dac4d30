import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { ForkErrorCode } from '@forkmap/core';
import type { ParMapOptions } from '@forkmap/pool';
import { expect } from 'vitest';
import { scaled } from '../helpers/time.js';

const BLOCK = 1 << 20;

/** One way in which an item can end, and what its caller must see. */
export interface Fate {
  name: string;
  /** In the child, at the item that meets it. */
  meet: () => unknown;
  /** Where an asynchronous function meets it in another way. */
  meetAsync?: () => Promise<unknown>;
  options?: ParMapOptions;
  /** A `ForkError`… */
  code?: ForkErrorCode;
  /** …with these fields, or what the function threw. */
  error?: Record<string, unknown>;
  /** The child dies with the item. */
  isDeath?: boolean;
  onlyAsync?: boolean;
}

const killedBy = (signal: NodeJS.Signals) => ({
  code: 'ERR_FORKMAP_KILLED' as const,
  error: { effect: 'CallableStatusUnknown', signal },
  isDeath: true,
});
const unknown = { effect: 'CallableStatusUnknown' };
const executed = { effect: 'CallableExecuted' };

/** Sleeps where nobody can wake it. */
export function sleepForGood(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

export function loopForEver(): never {
  for (;;);
}

export function takeMemory(bytes: number): Buffer[] {
  const taken: Buffer[] = [];
  for (let size = 0; size < bytes; size += BLOCK) taken.push(Buffer.alloc(BLOCK, 1));
  return taken;
}

function overflowStack(depth: number): number {
  return overflowStack(depth + 1) + 1;
}

export const FATES: readonly Fate[] = [
  {
    name: 'throws',
    meet: () => {
      throw new RangeError('thrown by item 11');
    },
    error: { name: 'RangeError', message: 'thrown by item 11' },
  },
  {
    name: 'calls process.exit(3)',
    meet: () => process.exit(3),
    code: 'ERR_FORKMAP_EXITED',
    error: { ...unknown, exitCode: 3 },
    isDeath: true,
  },
  {
    name: 'calls process.exit(0)',
    meet: () => process.exit(0),
    code: 'ERR_FORKMAP_EXITED',
    error: { ...unknown, exitCode: 0 },
    isDeath: true,
  },
  { name: 'is killed by SIGKILL', meet: () => process.kill(process.pid, 'SIGKILL'), ...killedBy('SIGKILL') },
  { name: 'is killed by SIGSEGV', meet: () => process.kill(process.pid, 'SIGSEGV'), ...killedBy('SIGSEGV') },
  { name: 'is killed by SIGTERM', meet: () => process.kill(process.pid, 'SIGTERM'), ...killedBy('SIGTERM') },
  { name: 'aborts', meet: () => process.abort(), options: { stdio: 'ignore' }, ...killedBy('SIGABRT') },
  {
    name: 'loops for longer than itemTimeout',
    meet: loopForEver,
    options: { itemTimeout: scaled(200) },
    code: 'ERR_FORKMAP_TIMEOUT',
    error: unknown,
    isDeath: true,
  },
  {
    name: 'waits for longer than itemTimeout',
    meet: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6),
    meetAsync: () => sleep(1e6),
    options: { itemTimeout: scaled(200) },
    code: 'ERR_FORKMAP_TIMEOUT',
    error: unknown,
  },
  {
    name: 'takes more than memoryLimit',
    meet: () => takeMemory(2 ** 31),
    options: { memoryLimit: 96 << 20 },
    code: 'ERR_FORKMAP_MEMORY_LIMIT',
    error: unknown,
    isDeath: true,
  },
  { name: 'overflows the stack', meet: () => overflowStack(0), error: { name: 'RangeError' } },
  {
    name: 'returns what cannot be sent',
    meet: () => ({ list: [() => 1] }),
    code: 'ERR_FORKMAP_SERIALIZE',
    error: { ...executed, message: expect.stringContaining('[11].list[0]') },
  },
  {
    name: 'returns more than maxResultBytes',
    meet: () => 'x'.repeat(300_000),
    options: { maxResultBytes: 100_000 },
    code: 'ERR_FORKMAP_RESULT_TOO_LARGE',
    error: executed,
  },
  {
    name: 'sleeps for good',
    meet: sleepForGood,
    code: 'ERR_FORKMAP_DEADLOCK',
    error: unknown,
    isDeath: true,
  },
  {
    name: 'returns a promise that can never settle',
    meet: () => new Promise(() => undefined),
    meetAsync: () => new Promise(() => undefined),
    code: 'ERR_FORKMAP_UNSETTLED',
    error: unknown,
    isDeath: true,
    onlyAsync: true,
  },
];

/** A function that meets a fate at one item, and gives something of the others. */
export function fnFor(fate: Fate, isAsync: boolean, at: number): (item: number) => unknown {
  const whole = (item: number) => ({ item, square: item * item });
  if (!isAsync) return (item) => (item === at ? fate.meet() : whole(item));
  return async (item) => {
    await turn();
    return item === at ? (fate.meetAsync ?? fate.meet)() : whole(item);
  };
}
