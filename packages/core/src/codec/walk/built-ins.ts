import { types } from 'node:util';
import { ARRAY_BUFFER, viewBytes, viewKind } from '../bytes/views.js';
import { isClockDate } from './clock-dates.js';
import { viewHasExtras } from './own-keys.js';
import { whatItIs } from './what-it-is.js';

/** Why an object cannot be sent; undefined if it can. */
type Verdict = string | undefined;

/**
 * Judges an object that holds no other values: dates, regular expressions, URLs, boxed primitives, binary data.
 * Anything that it does not know cannot be sent.
 */
export function judgeBuiltIn(value: object, prototype: object | null): Verdict {
  const kind = viewKind(prototype);
  if (kind !== undefined) return judgeBinary(value, kind);
  switch (prototype) {
    case Date.prototype:
      return types.isDate(value) ? judgeOwnKeys(value, 0) : whatItIs(value);
    case RegExp.prototype:
      return types.isRegExp(value) ? judgeRegExp(value) : whatItIs(value);
    case URL.prototype:
      return judgeUrl(value as URL);
    case URLSearchParams.prototype:
      return judgeSearchParams(value as URLSearchParams);
    case Number.prototype:
      return types.isNumberObject(value) ? judgeOwnKeys(value, 0) : whatItIs(value);
    case Boolean.prototype:
      return types.isBooleanObject(value) ? judgeOwnKeys(value, 0) : whatItIs(value);
    case BigInt.prototype:
      return types.isBigIntObject(value) ? judgeOwnKeys(value, 0) : whatItIs(value);
    case String.prototype:
      // One key per character, and `length`.
      return types.isStringObject(value) ? judgeOwnKeys(value, value.length + 1) : whatItIs(value);
    default:
      return isClockDate(value) ? undefined : whatItIs(value);
  }
}

function judgeOwnKeys(value: object, expected: number): Verdict {
  if (Reflect.ownKeys(value).length === expected) return undefined;
  return 'it is a built-in object with properties of its own';
}

function judgeRegExp(value: RegExp): Verdict {
  if (typeof value.lastIndex !== 'number') return 'its lastIndex is not a number';
  return judgeOwnKeys(value, 1);
}

function judgeUrl(value: URL): Verdict {
  try {
    const { href } = value; // throws where it only inherits from URL.prototype
    if (new URL(href).href !== href) return 'it is a URL that is another one once it was printed and parsed';
  } catch {
    return whatItIs(value);
  }
  return judgeOwnKeys(value, 0);
}

function judgeSearchParams(value: URLSearchParams): Verdict {
  try {
    value.toString();
  } catch {
    return whatItIs(value);
  }
  return judgeOwnKeys(value, 0);
}

function judgeBinary(value: object, kind: number): Verdict {
  if (kind === ARRAY_BUFFER) {
    if (!types.isArrayBuffer(value)) return whatItIs(value);
    if ((value as ArrayBuffer & { resizable?: boolean }).resizable) return 'it is a resizable ArrayBuffer';
    return isDetached(value) ? 'it is a detached ArrayBuffer' : judgeOwnKeys(value, 0);
  }
  if (!ArrayBuffer.isView(value)) return whatItIs(value);
  if (types.isSharedArrayBuffer(value.buffer)) return 'it is a view of a SharedArrayBuffer';
  if (isDetached(value)) return 'it is a view of a detached ArrayBuffer';
  return viewHasExtras(value) ? 'it is binary data with properties of its own' : undefined;
}

function isDetached(value: ArrayBuffer | ArrayBufferView): boolean {
  if (value.byteLength > 0) return false;
  try {
    viewBytes(value);
    return false;
  } catch {
    return true;
  }
}
