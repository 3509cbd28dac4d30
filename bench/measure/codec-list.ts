/** Ways to turn a batch of results into bytes and back. Only `forkmap` is what parMap uses; the others are candidates. */
import v8 from 'node:v8';
import type { ValueKind } from './values.js';

export interface Codec {
  encode(values: readonly unknown[]): Uint8Array;
  decode(payload: Uint8Array, count: number): unknown;
}

export const codecNames = ['forkmap', 'devalue', 'v8', 'msgpackr', 'json'] as const;
export type CodecName = (typeof codecNames)[number];

/** JSON throws at a bigint. */
export function canEncode(codec: CodecName, kind: ValueKind): boolean {
  return codec !== 'json' || kind !== 'mixed';
}

const loaders: Record<CodecName, () => Promise<Codec>> = {
  forkmap: async () => {
    // WHY by path: the codec is an inner room of core, and no other package has a use for it.
    const url = new URL('../../../packages/core/dist/codec/index.js', import.meta.url);
    const { encodeResults, decodeResults } = (await import(url.href)) as OwnCodec;
    const options = { codec: 'auto' };
    return {
      encode: (values) => encodeResults(values, options),
      decode: (payload, count) => decodeResults(payload, count, options),
    };
  },
  devalue: async () => {
    const { stringify, parse } = await import('devalue');
    const decoder = new TextDecoder();
    return {
      encode: (values) => Buffer.from(stringify(values)),
      decode: (payload) => parse(decoder.decode(payload)),
    };
  },
  v8: async () => ({
    encode: (values) => v8.serialize(values),
    decode: (payload) => v8.deserialize(payload),
  }),
  msgpackr: async () => {
    const { Packr } = await import('msgpackr');
    const options = { useRecords: true, structuredClone: true, moreTypes: true };
    // WHY another for decoding: it runs in another process, which has not seen the shapes of the records.
    const packr = new Packr(options);
    return {
      encode: (values) => Uint8Array.from(packr.pack(values)),
      decode: (payload) => new Packr(options).unpack(payload),
    };
  },
  json: async () => ({
    encode: (values) => Buffer.from(JSON.stringify(values)),
    decode: (payload) => JSON.parse(Buffer.from(payload).toString()),
  }),
};

interface OwnCodec {
  encodeResults(values: readonly unknown[], options: object): Uint8Array;
  decodeResults(payload: Uint8Array, count: number, options: object): unknown[];
}

export function loadCodec(name: CodecName): Promise<Codec> {
  return loaders[name]();
}
