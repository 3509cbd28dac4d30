import { describe, expect, test } from 'vitest';
import { type CodecOptions, DecodeError, decodeResults, encodeResults, UnsendableError } from './index.js';
import { difference } from './same.test.helper.js';
import { CODEC } from './types.js';

class Point {
  constructor(
    readonly x: unknown,
    readonly y: unknown,
  ) {}
}

class Path {
  constructor(readonly points: Point[]) {}
}

const TYPES: CodecOptions['types'] = {
  'Path "odd"': [(v) => v instanceof Path && v.points, (points) => new Path(points)],
  Point: [(v) => v instanceof Point && [v.x, v.y], ([x, y]) => new Point(x, y)],
};

function roundTrip(values: readonly unknown[], options: CodecOptions): unknown[] {
  return decodeResults(encodeResults(values, options), values.length, options);
}

describe.each(['auto', 'devalue'] as const)('types (%s)', (codec) => {
  const options = { codec, types: TYPES };

  test('revive instances, within each other and within anything', () => {
    const point = new Point(-0, 'y');
    const values = [
      point,
      { path: new Path([point, new Point(1, new Date(5))]), same: point },
      new Map([[point, point]]),
    ];
    for (const [i, value] of roundTrip(values, options).entries()) {
      expect(difference(values[i], value)).toBeUndefined();
    }
  });

  test('are asked before the built-in ways', () => {
    const types: CodecOptions['types'] = {
      Date: [(v) => v instanceof Date && { iso: v.toISOString() }, ({ iso }) => `revived ${iso}`],
      Map: [(v) => v instanceof Map && [...v], (entries) => Object.fromEntries(entries)],
      Upper: [(v) => v === 'up' && ['UP'], ([text]) => text],
      Error: [(v) => v instanceof RangeError && v.message, (message) => ({ message })],
    };
    const values = [new Date(0), new Map([['a', 'up']]), 'down', [new RangeError('r')], new Uint8Array(1)];
    expect(roundTrip(values, { codec, types })).toEqual([
      'revived 1970-01-01T00:00:00.000Z',
      { a: 'UP' },
      'down',
      [{ message: 'r' }],
      new Uint8Array(1),
    ]);
  });

  test.each([0, '', null, undefined, false, Number.NaN])('take %j for no match', (answer) => {
    const types: CodecOptions['types'] = { Never: [() => answer, () => 'revived'] };
    const values = [1, 'a', {}, [new Date(0)]];
    expect(roundTrip(values, { codec, types })).toEqual(values);
  });

  test('ask once for each value', () => {
    let asked = 0;
    const types: CodecOptions['types'] = { Count: [(v) => (v instanceof Point ? ++asked : 0), (n) => n] };
    const point = new Point(1, 2);
    expect(roundTrip([point, [point], new Point(3, 4)], { codec, types })).toEqual([1, [1], 2]);
    expect(asked).toBe(2);
  });

  test('do not keep primitives from the fastest way', () => {
    const payload = encodeResults([1, 2, 3], options);
    expect(payload[0]).toBe(codec === 'auto' ? CODEC.COLUMNS : CODEC.DEVALUE);
  });

  test.each<[string, () => unknown, string]>([
    [
      'itself',
      () => {
        const p = new Path([]);
        p.points.push(p as never);
        return p;
      },
      '[0]',
    ],
    [
      'itself by way of a plain object',
      () => {
        const list: unknown[] = [];
        list.push({ path: new Path(list as Point[]) });
        return list;
      },
      '',
    ],
  ])('refuse an instance that holds %s', (_, make) => {
    expect(() => encodeResults([make()], options)).toThrow('a cycle through an instance that `types` covers');
  });

  test('name the path within the reduced form', () => {
    const values = [{ at: new Point(1, () => {}) }];
    expect(() => encodeResults(values, options)).toThrow(expect.objectContaining({ path: '.at[1]' }));
  });

  test('that fail are errors of the codec', () => {
    const failing = new Error('no');
    const reduce: CodecOptions['types'] = {
      R: [
        () => {
          throw failing;
        },
        () => 1,
      ],
    };
    const encode = () => encodeResults([{}], { codec, types: reduce });
    expect(encode).toThrow(UnsendableError);
    expect(encode).toThrow("the result cannot be sent: the reducer of type 'R' failed on it (Error: no)");
    expect(encode).toThrow(expect.objectContaining({ cause: failing }));
    const revive: CodecOptions['types'] = {
      R: [
        (v) => v instanceof Point,
        () => {
          throw failing;
        },
      ],
    };
    const decode = () => roundTrip([new Point(1, 2)], { codec, types: revive });
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(expect.objectContaining({ message: 'no', cause: failing }));
  });
});
