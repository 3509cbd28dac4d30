import { type ForkOptions, forkMap } from '@forkmap/core';
import { parMap } from '@forkmap/pool';

/** Runs one function in one child, which goes on in an event loop. */
export type RunInside = <R>(fn: () => R | PromiseLike<R>, options?: ForkOptions) => Promise<R>;

/** Every way of running an asynchronous function in a child: what works in one must work in all. */
export const WAYS: readonly (readonly [name: string, inside: RunInside])[] = [
  ['forkMap', (fn, options) => forkMap(fn, options)],
  ['parMap', async (fn, options) => (await parMap([0], fn, options))[0] as never],
  [
    'parMap in a kept child',
    async (fn, options) => {
      const onSecondItem = (item: number) => (item === 1 ? fn() : null);
      const lane = { chunk: 1, lanes: 1, isolation: 'lane' } as const;
      return (await parMap([0, 1], onSecondItem, { ...options, ...lane }))[1] as never;
    },
  ],
];
