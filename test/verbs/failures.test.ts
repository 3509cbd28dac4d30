import {
  type ForkError,
  join,
  Pool,
  par,
  parFilter,
  parForEach,
  parReduce,
  parSort,
  parStream,
} from '@forkmap/pool';
import { describe, expect, it } from 'vitest';
import { expectNoLeaks } from '../helpers/leaks.js';
import { rejectionOf, thrownBy, warmPool } from '../helpers/runs.js';
import { ITEM_TIMEOUT_MS } from '../helpers/time.js';

expectNoLeaks(() => warmPool(8));

const list = Array.from({ length: 20 }, (_, i) => i);
const options = { chunk: 6, lanes: 2 };
class Unsendable {
  readonly #field = 1;
  get field(): number {
    return this.#field;
  }
}

/** `value`, at once or once `before` is settled. */
function after<T>(before: unknown, value: T): T | Promise<T> {
  return before instanceof Promise ? before.then(() => value) : value;
}

type Fails = (fail: (x: number) => unknown) => Promise<unknown>;
/** Each step and each end that runs a function of the caller's. */
const places: [name: string, run: Fails][] = [
  ['parForEach', (fail) => parForEach(list, fail, options)],
  ['parFilter', (fail) => parFilter(list, fail, options)],
  ['map', (fail) => par(list, options).map(fail).count()],
  [
    'map.collect',
    (fail) =>
      par(list, options)
        .map(fail)
        .map(() => 1)
        .collect(),
  ],
  [
    'filter.map',
    (fail) =>
      par(list, options)
        .filter(() => true)
        .map(fail)
        .count(),
  ],
  ['filterMap', (fail) => par(list, options).filterMap(fail).count()],
  ['flatMap', (fail) => par(list, options).flatMap(fail).count()],
  ['inspect', (fail) => par(list, options).inspect(fail).count()],
  [
    'takeWhile',
    (fail) =>
      par(list, options)
        .takeWhile((x) => after(fail(x), true))
        .count(),
  ],
  [
    'mapInit',
    (fail) =>
      par(list, options)
        .mapInit(
          () => 0,
          (_, x) => fail(x),
        )
        .count(),
  ],
  [
    'fold',
    (fail) =>
      par(list, options)
        .fold(
          () => 0,
          (_, x) => after(fail(x), 0),
        )
        .count(),
  ],
  ['zip', (fail) => par(list, options).zip(par(list).map(fail)).count()],
  ['skip', (fail) => par(list, options).skip(2).map(fail).count()],
  ['stepBy', (fail) => par(list, options).stepBy(3).map(fail).count()],
  ['concat', (fail) => par(list, options).concat([50]).map(fail).count()],
  ['minBy', (fail) => par(list, options).minBy(fail)],
  ['some', (fail) => par(list, options).some(fail)],
  ['every', (fail) => par(list, options).every((x) => after(fail(x), true))],
  ['find', (fail) => par(list, options).find(fail)],
  ['findIndex', (fail) => par(list, options).findIndex(fail)],
  ['partition', (fail) => par(list, options).partition(fail)],
  ['groupBy', (fail) => par(list, options).groupBy(fail)],
  ['countBy', (fail) => par(list, options).countBy(fail)],
  ['sortBy', (fail) => par(list, options).sortBy(fail)],
  [
    'for await',
    async (fail) => {
      for await (const _ of par(list, options).map(fail));
    },
  ],
];

describe.each(places)('%s', (name, run) => {
  it('rejects with what its function throws, or its promise is rejected with', async () => {
    const thrown = await rejectionOf(
      run((x) => {
        if (x === 9) throw new RangeError('nine');
      }),
    );
    expect(thrown).toBeInstanceOf(RangeError);
    expect(thrown).toMatchObject({ message: 'nine' });
    const rejected = run(async (x) => {
      if ((await x) === 9) throw new RangeError('nine, later');
    });
    expect(await rejectionOf(rejected)).toMatchObject({ name: 'RangeError', message: 'nine, later' });
  });

  it('names the item at which a child died', async () => {
    const died = (await rejectionOf(
      run((x) => {
        if (x === 9) process.exit(3);
      }),
    )) as ForkError;
    expect(died).toMatchObject({
      code: 'ERR_FORKMAP_EXITED',
      effect: 'CallableStatusUnknown',
      exitCode: 3,
      index: 9,
    });
    const { start = 99, end = 0 } = died.chunk ?? {};
    expect(start <= 9 && 9 < end, `${name}: 9 is in [${start}, ${end})`).toBe(true);
  });
});

describe('what cannot be sent', () => {
  it('names the item, and the place in its value', async () => {
    const bad = (x: number) => ({ list: [x === 9 ? new Unsendable() : x] });
    const ends: (() => Promise<unknown>)[] = [
      () => par(list, options).map(bad).collect(),
      () =>
        par(list, options)
          .filter(() => true)
          .map(bad)
          .collect(),
      () =>
        par(list, options)
          .flatMap((x) => [x, bad(x)])
          .collect(),
    ];
    for (const end of ends) {
      const error = await rejectionOf(end());
      expect(error).toMatchObject({ code: 'ERR_FORKMAP_SERIALIZE', effect: 'CallableExecuted', index: 9 });
      expect((error as Error).message).toContain('[9].list[0]');
    }
  });

  it('does no harm on the way', async () => {
    expect(
      await par(list, options)
        .map(() => new Unsendable())
        .map((u) => u.field)
        .sum(),
    ).toBe(20);
  });

  it('is sent by types', async () => {
    const types = {
      Unsendable: [(v: unknown) => v instanceof Unsendable && [1], () => new Unsendable()],
    } satisfies Parameters<typeof par>[1] extends { types?: infer T } | undefined ? T : never;
    const all = await par(list, { ...options, types })
      .filter((x) => x > 17)
      .map(() => new Unsendable())
      .collect();
    expect(all.map((u) => u.field)).toEqual([1, 1]);
  });

  it('is too large where one value is; many small ones are sent in parts', async () => {
    const small = { ...options, maxResultBytes: 2_000 };
    const texts = await par(list, small)
      .map((x) => 'x'.repeat(1_000) + x)
      .collect();
    expect(texts.map((t) => t.length)).toEqual(list.map((x) => 1_000 + String(x).length));
    const large = par(list, small)
      .filter(() => true)
      .map((x) => (x === 9 ? 'x'.repeat(3_000) : x))
      .collect();
    expect(await rejectionOf(large)).toMatchObject({ code: 'ERR_FORKMAP_RESULT_TOO_LARGE', index: 9 });
  });
});

describe('a chain', () => {
  it('runs a chunk again whose child died, where retries are given', async () => {
    const { mkdtempSync, existsSync, writeFileSync, rmSync } = await import('node:fs');
    const dir = mkdtempSync('/tmp/forkmap-retry-');
    const dieOnce = (x: number) => {
      if (x % 7 === 3 && !existsSync(`${dir}/${x}`)) {
        writeFileSync(`${dir}/${x}`, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return x;
    };
    expect(
      await par(list, { ...options, retries: 2 })
        .map(dieOnce)
        .sum(),
    ).toBe(190);
    rmSync(dir, { recursive: true });
    const died = par(list, { ...options, retries: 1 }).map((x) =>
      x === 3 ? process.kill(process.pid, 'SIGKILL') : x,
    );
    expect(await rejectionOf(died.count())).toMatchObject({
      code: 'ERR_FORKMAP_KILLED',
      index: 3,
      signal: 'SIGKILL',
    });
  });

  it('ends at timeout, itemTimeout and abort, with the reason given', async () => {
    const hang = (x: number) => {
      while (x === 9);
    };
    expect(
      await rejectionOf(
        par(list, { ...options, timeout: 100 })
          .map(hang)
          .count(),
      ),
    ).toMatchObject({
      code: 'ERR_FORKMAP_TIMEOUT',
    });
    expect(
      await rejectionOf(
        par(list, { ...options, itemTimeout: ITEM_TIMEOUT_MS })
          .map(hang)
          .count(),
      ),
    ).toMatchObject({
      code: 'ERR_FORKMAP_TIMEOUT',
      index: 9,
    });
    const sleep = (x: number) => new Promise((done) => setTimeout(done, x === 9 ? 1e6 : 0));
    expect(
      await rejectionOf(
        par(list, { ...options, itemTimeout: ITEM_TIMEOUT_MS })
          .map(sleep)
          .count(),
      ),
    ).toMatchObject({
      code: 'ERR_FORKMAP_TIMEOUT',
      index: 9,
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    expect(
      await rejectionOf(
        par(list, { ...options, signal: controller.signal })
          .map(hang)
          .sort(),
      ),
    ).toBe(reason);
    expect(await rejectionOf(par(list, { ...options, signal: controller.signal }).count())).toBe(reason);
    expect(await rejectionOf(parSort(list, undefined, { ...options, signal: controller.signal }))).toBe(
      reason,
    );
  });

  it('reports what fails when the chunks are put together', async () => {
    const combine = (a: number, b: number) => {
      if (a > 100 || b > 100) throw new Error('too much');
      return a + b;
    };
    expect(await rejectionOf(par(list, options).reduce(combine, 0))).toMatchObject({ message: 'too much' });
    expect(await rejectionOf(par([] as number[]).reduce(combine))).toBeInstanceOf(TypeError);
    expect(await par([] as number[]).reduce(combine, 7)).toBe(7);
  });

  it('refuses what it cannot sum, group by, or settle', async () => {
    const sum = par(list.map(String) as unknown as number[], options).sum();
    expect(await rejectionOf(sum)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    const keys = par(list, options).groupBy((x) => ({ x }));
    expect(await rejectionOf(keys)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(await rejectionOf(parFilter(list, Boolean, { settle: true }))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });

  it('refuses wrong arguments at once', async () => {
    const wrong = (code: string) => expect.objectContaining({ code });
    const type = wrong('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => par(5 as never))).toEqual(type);
    expect(thrownBy(() => par([], { chunks: 3 } as never))).toEqual(wrong('ERR_INVALID_ARG_VALUE'));
    expect(thrownBy(() => par([], { chunk: 0 }))).toEqual(wrong('ERR_OUT_OF_RANGE'));
    expect(thrownBy(() => par([]).map('x' as never))).toEqual(type);
    expect(thrownBy(() => par([]).chunks(0))).toEqual(wrong('ERR_OUT_OF_RANGE'));
    expect(thrownBy(() => par([]).take(-1))).toEqual(wrong('ERR_OUT_OF_RANGE'));
    expect(thrownBy(() => par([]).withOptions({ lanes: -1 }))).toEqual(wrong('ERR_OUT_OF_RANGE'));
    expect(thrownBy(() => par([]).zip(5 as never))).toEqual(type);
    expect(thrownBy(() => parStream(5 as never, Boolean))).toEqual(type);
    expect(thrownBy(() => parStream([], 'x' as never))).toEqual(type);
    expect(thrownBy(() => parStream([], Boolean, { window: 0 }))).toEqual(wrong('ERR_OUT_OF_RANGE'));
    expect(thrownBy(() => new Pool({ lane: 3 } as never))).toEqual(wrong('ERR_INVALID_ARG_VALUE'));
    expect(await rejectionOf(par([]).find('x' as never))).toEqual(type);
    expect(await rejectionOf(parFilter([], 'x' as never))).toEqual(type);
    expect(await rejectionOf(parReduce([], 'x' as never, 0))).toEqual(type);
    expect(await rejectionOf(parSort([], 'x' as never))).toEqual(type);
    expect(await rejectionOf(join(() => 1, 'x' as never))).toEqual(type);
  });
});
