import { decodeByColumns, encodeByColumns } from './columns/columns.js';
import { decodeByDevalue, encodeByDevalue } from './devalue/devalue.js';
import { DecodeError, TooLargeError, UnsendableError } from './errors.js';
import { encodeStructured } from './structured/structured.js';
import { decodeByV8 } from './structured/v8.js';
import { decodeByTree } from './tree/decode.js';
import { encodeByTree } from './tree/encode.js';
import { CODEC, type CodecOptions } from './types.js';
import { walk } from './walk/walk.js';

export { DecodeError, TooLargeError, UnsendableError } from './errors.js';
export type { CodecOptions } from './types.js';
export { decodeThrown, encodeThrown } from './walk/thrown.js';
export { warmUp } from './warm-up.js';

/**
 * Encodes a batch of results as one payload.
 *
 * All that `walk` lets pass arrives as it is. Not kept are whether an object is frozen, sealed or extensible,
 * whether a property is writable or configurable, and that two results of a batch share an object.
 * @throws UnsendableError at the first result that would not arrive as it is
 * @throws TooLargeError if the batch takes more than `maxBytes`
 * @throws RangeError if V8 has no strings or buffers that large; smaller batches may do
 */
export function encodeResults(values: readonly unknown[], options: CodecOptions): Uint8Array {
  try {
    return encode(values, options);
  } catch (error) {
    if (error instanceof UnsendableError || error instanceof TooLargeError) throw error;
    throw whichFails(values, options, error);
  }
}

/** Says which result it was that V8 could not cope with, for its size or because it changed on the way. */
function whichFails(values: readonly unknown[], options: CodecOptions, error: unknown): unknown {
  for (let index = 0; index < values.length; index++) {
    try {
      encode([values[index]], options);
    } catch (failure) {
      const what = `encoding failed (${failure instanceof Error ? failure.message : String(failure)})`;
      return new UnsendableError({ index, path: '' }, what, { cause: failure });
    }
  }
  return error;
}

function encode(values: readonly unknown[], options: CodecOptions): Uint8Array {
  const { codec, types, maxBytes } = options;
  if (codec === 'structured') return encodeStructured(values, maxBytes);
  if (codec === 'devalue') return encodeByDevalue(values, walk(values, types), options);
  if (types === undefined || Object.keys(types).length === 0) {
    return encodeFast(values, maxBytes) ?? encodeByDevalue(values, walk(values), options);
  }
  const walked = walk(values, types);
  return (
    (walked.reduced.size === 0 && encodeFast(values, maxBytes)) || encodeByDevalue(values, walked, options)
  );
}

/** The fastest way that is exact for these values. Undefined if only devalue's is, or if none is. */
function encodeFast(values: readonly unknown[], maxBytes: number | undefined): Uint8Array | undefined {
  return encodeByColumns(values, maxBytes) ?? encodeByTree(values, maxBytes);
}

/**
 * Decodes a batch of results. The payload is untrusted.
 * @param count how many results it must hold
 * @returns the results in the order in which they were encoded
 * @throws DecodeError on anything malformed, and where a reviver of `types` throws
 */
export function decodeResults(payload: Uint8Array, count: number, options: CodecOptions): unknown[] {
  let values: unknown;
  try {
    values = decode(payload, count, options);
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    throw new DecodeError(error instanceof Error ? error.message : String(error), error);
  }
  if (!Array.isArray(values) || values.length !== count) throw new DecodeError(`expected ${count} results`);
  return values;
}

function decode(payload: Uint8Array, count: number, { codec, types }: CodecOptions): unknown {
  const id = payload[0];
  if (id === CODEC.V8 && codec === 'structured') return decodeByV8(payload);
  if (id === CODEC.DEVALUE && codec !== 'structured') return decodeByDevalue(payload, types);
  if (id === CODEC.COLUMNS && codec === 'auto') return decodeByColumns(payload, count);
  if (id === CODEC.TREE && codec === 'auto') return decodeByTree(payload, count);
  throw new DecodeError(`expected a payload of codec '${codec}', received one of number ${id}`);
}
