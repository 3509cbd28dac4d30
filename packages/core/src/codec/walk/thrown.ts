import { decodeByDevalue, encodeByDevalue } from '../devalue/devalue.js';
import { DecodeError } from '../errors.js';
import type { CodecOptions } from '../types.js';
import { walkThrown } from './thrown-walker.js';
import { describe } from './what-it-is.js';

/**
 * Encodes what the caller's function threw. Never throws: properties of errors that cannot be sent are dropped, and
 * a value that cannot be sent at all becomes an `Error` that says so.
 */
export function encodeThrown(value: unknown, options: CodecOptions): Uint8Array {
  try {
    return encodeByDevalue([value], walkThrown(value, options.types), { types: options.types });
  } catch (failure) {
    const error = new Error(`a value was thrown that cannot be sent: ${describe(failure)}`);
    return encodeByDevalue([error], walkThrown(error));
  }
}

/** Decodes what `encodeThrown` made: the value to throw. Throws a `DecodeError` where the payload is malformed. */
export function decodeThrown(payload: Uint8Array, options: CodecOptions): unknown {
  try {
    const values = decodeByDevalue(payload, options.types);
    if (Array.isArray(values) && values.length === 1) return values[0];
  } catch (error) {
    throw new DecodeError(`what was thrown cannot be decoded: ${describe(error)}`, error);
  }
  throw new DecodeError('expected one thrown value');
}
