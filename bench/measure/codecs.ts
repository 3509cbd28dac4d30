/** One codec on one kind of values, in a fresh process: the first call, and calls once all is compiled. */
import { isDeepStrictEqual } from 'node:util';
import { loadCodec } from './codec-list.js';
import { type ValueKind, valuesOf } from './values.js';

export type { CodecName } from './codec-list.js';
export type { ValueKind } from './values.js';

export interface CodecsRequest {
  measure: 'codecs';
  codec: Parameters<typeof loadCodec>[0];
  kind: ValueKind;
  budgetMs: number;
}

/** Times in µs. */
export interface CodecsAnswer {
  values: number;
  bytes: number;
  isExact: boolean;
  coldEncodeUs: number;
  coldDecodeUs: number;
  encodeUs: number[];
  decodeUs: number[];
}

export async function measure({ codec: name, kind, budgetMs }: CodecsRequest): Promise<CodecsAnswer> {
  const codec = await loadCodec(name);
  const values = valuesOf(kind);
  const encode = () => codec.encode(values);
  const [payload, coldEncodeUs] = timedUs(encode);
  const [decoded, coldDecodeUs] = timedUs(() => codec.decode(payload, values.length));
  return {
    values: values.length,
    bytes: payload.byteLength,
    isExact: isSame(decoded, values),
    coldEncodeUs,
    coldDecodeUs,
    encodeUs: repeat(encode, budgetMs / 2),
    decodeUs: repeat(() => codec.decode(payload, values.length), budgetMs / 2),
  };
}

const BATCHES = 15;

/** Readings of the last half of the time, when all is compiled: each the mean of a batch of calls. */
function repeat(act: () => unknown, budgetMs: number): number[] {
  const untilMs = performance.now() + budgetMs / 2;
  let calls = 0;
  while (performance.now() < untilMs || calls < 2) {
    act();
    calls++;
  }
  const perBatch = Math.max(1, Math.floor(calls / BATCHES));
  return Array.from({ length: BATCHES }, () => {
    const [, us] = timedUs(() => {
      for (let i = 0; i < perBatch; i++) act();
    });
    return us / perBatch;
  });
}

function timedUs<T>(act: () => T): [value: T, us: number] {
  const startedMs = performance.now();
  const value = act();
  return [value, (performance.now() - startedMs) * 1000];
}

/** Deep and strict, and holes and lone surrogates tell as well. */
function isSame(actual: unknown, expected: readonly unknown[]): boolean {
  return Array.isArray(actual) && isDeepStrictEqual(actual, [...expected]);
}
