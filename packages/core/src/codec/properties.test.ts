import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CodecOptions, decodeResults, encodeResults, UnsendableError } from './index.js';
import { difference } from './same.test.helper.js';
import { CODEC } from './types.js';

const RUNS = { numRuns: 1500, seed: 20_240_601 };

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', '__proto__', 'é', ''),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.NaN, 2 ** 31, 0.5));
const primitive = fc.oneof(number, text, fc.boolean(), fc.bigInt(), fc.constantFrom(undefined, null));
const date = fc.date({ noInvalidDate: false });
const view = fc.oneof(
  fc.float64Array(),
  fc.int16Array(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.uint8Array().map((bytes) => bytes.buffer as ArrayBuffer),
);
const leaf = fc.oneof(
  { weight: 6, arbitrary: primitive },
  { weight: 1, arbitrary: date },
  { weight: 1, arbitrary: view },
);

/** Own data properties, `__proto__` among them, as `JSON.parse` makes them. */
function objectOf(entries: [string, unknown][], hasPrototype: boolean): object {
  const object: object = hasPrototype ? {} : Object.create(null);
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function errorOf([message, cause, props]: [string, unknown, unknown]): Error {
  return Object.assign(new RangeError(message, { cause }), { props });
}

function nestedIn(tie: fc.Arbitrary<unknown>): fc.Arbitrary<unknown>[] {
  return [
    fc.array(tie, { maxLength: 5 }),
    fc.array(fc.tuple(text, tie), { maxLength: 5 }).map((entries) => objectOf(entries, true)),
    fc.array(fc.tuple(tie, tie), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie, { maxLength: 4 }).map((members) => new Set(members)),
  ];
}

const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, ...nestedIn(tie('plain'))),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    ...nestedIn(tie('value')),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 5 }).map((entries) => objectOf(entries, false)),
    fc.tuple(text, tie('value'), tie('value')).map(errorOf),
    fc.sparseArray(tie('value'), { maxLength: 20, maxNumElements: 4 }),
  ),
}));

/** Batches of one shape, as most functions return them, with now and then a row that is not. */
const records = fc
  .tuple(
    fc.uniqueArray(text, { minLength: 1, maxLength: 5 }),
    fc.constantFrom(number, text, primitive, leaf, fc.array(number)),
  )
  .chain(([keys, field]) =>
    fc
      .array(
        fc.tuple(
          ...keys.map(() => fc.oneof({ weight: 20, arbitrary: field }, { weight: 1, arbitrary: value })),
        ),
        {
          minLength: 1,
          maxLength: 150,
        },
      )
      .map((rows) =>
        rows.map((row) =>
          objectOf(
            keys.map((key, k) => [key, row[k]]),
            true,
          ),
        ),
      ),
  );

const batch = fc.oneof(
  fc.array(value, { maxLength: 8 }),
  fc.array(plain, { maxLength: 12 }),
  fc.array(number, { maxLength: 50 }),
  fc.array(text, { maxLength: 50 }),
  fc.array(primitive, { maxLength: 50 }),
  fc.array(fc.oneof(fc.constant(null), fc.array(number)), { maxLength: 20 }),
  records,
);

/** Puts references to earlier objects of each result into later ones, cycles among them. */
function tangle(values: unknown[], choices: number[]): unknown[] {
  for (const result of values) {
    const objects: object[] = [];
    collect(result, objects);
    for (const choice of choices) {
      const from = objects[choice % objects.length];
      const to = objects[(choice >>> 8) % objects.length];
      if (Array.isArray(from)) from.push(to);
      else if (from instanceof Map) from.set(to, from);
      else if (from instanceof Set) from.add(to);
      else if (
        from !== undefined &&
        !ArrayBuffer.isView(from) &&
        Object.getPrototypeOf(from) === Object.prototype
      ) {
        Object.assign(from, { tangled: to });
      }
    }
  }
  return values;
}

function collect(one: unknown, into: object[]): void {
  if (typeof one !== 'object' || one === null || into.includes(one)) return;
  into.push(one);
  if (one instanceof Map) for (const entry of one) for (const part of entry) collect(part, into);
  else if (one instanceof Set) for (const part of one) collect(part, into);
  else if (!ArrayBuffer.isView(one)) for (const part of Object.values(one)) collect(part, into);
}

function roundTrip(values: readonly unknown[], options: CodecOptions): unknown[] {
  return decodeResults(encodeResults(values, options), values.length, options);
}

describe('any value', () => {
  test.each(['auto', 'devalue'] as const)('arrives exactly (%s)', (codec) => {
    fc.assert(
      fc.property(batch, (values) => {
        expect(difference(values, roundTrip(values, { codec }))).toBeUndefined();
      }),
      RUNS,
    );
  });

  test.each(['auto', 'devalue'] as const)(
    'arrives exactly with shared references and cycles (%s)',
    (codec) => {
      fc.assert(
        fc.property(batch, fc.array(fc.nat(), { maxLength: 6 }), (values, choices) => {
          const tangled = tangle(values, choices);
          const arrived = roundTrip(tangled, { codec });
          for (let i = 0; i < tangled.length; i++) expect(difference(tangled[i], arrived[i])).toBeUndefined();
        }),
        RUNS,
      );
    },
  );

  test('is refused by all codecs or by none', () => {
    const anything = fc.oneof(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSet: true,
      }),
      fc.anything({
        withObjectString: true,
        withSparseArray: true,
        withTypedArray: true,
        withBoxedValues: true,
      }),
      fc.constantFrom(Symbol('s'), new (class A {})(), Object.assign([], { x: () => 1 })),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), (values) => {
        expect(outcome(values, { codec: 'auto' })).toEqual(outcome(values, { codec: 'devalue' }));
      }),
      RUNS,
    );
  });

  test('is in many batches of the kind that goes a fast way', () => {
    const ways = new Map<number, number>();
    fc.assert(
      fc.property(batch, (values) => {
        const way = encodeResults(values, { codec: 'auto' })[0]!;
        ways.set(way, (ways.get(way) ?? 0) + 1);
      }),
      RUNS,
    );
    for (const way of [CODEC.COLUMNS, CODEC.TREE, CODEC.DEVALUE]) {
      expect(ways.get(way)).toBeGreaterThan(RUNS.numRuns / 20);
    }
  });
});

function outcome(values: readonly unknown[], options: CodecOptions): unknown {
  try {
    const difference_ = difference(values, roundTrip(values, options));
    return difference_ === undefined ? 'arrived exactly' : difference_;
  } catch (error) {
    if (!(error instanceof UnsendableError)) throw error;
    return { index: error.index, path: error.path, message: error.message };
  }
}
