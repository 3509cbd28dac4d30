import { TooLargeError, UnsendableError } from '../errors.js';
import { ELEMENT, formatPath, KEY, MAP_KEY, MAP_VALUE, SET_MEMBER, type Step } from '../walk/path.js';
import { encodeByV8 } from './v8.js';

/** How many values are tried, to find the one that cannot be cloned. */
const MAX_TRIALS = 1000;

/** Encodes values as structured cloning does, with its losses: instances lose their class, errors what they carry. */
export function encodeStructured(
  values: readonly unknown[],
  maxBytes = Number.POSITIVE_INFINITY,
): Uint8Array {
  let payload: Uint8Array;
  try {
    payload = encodeByV8(values);
  } catch (error) {
    throw locate(values, error);
  }
  if (payload.byteLength > maxBytes) throw new TooLargeError(maxBytes);
  return payload;
}

/** V8 says what cannot be cloned, but not where: the way there leads through all values that cannot be, alone. */
function locate(values: readonly unknown[], error: unknown): UnsendableError {
  const search = { trialsLeft: MAX_TRIALS, failure: error };
  const path: unknown[] = [];
  const seen = new Set<unknown>();
  let at: unknown = values;
  while (typeof at === 'object' && at !== null && !seen.has(at)) {
    seen.add(at);
    const found = failingPart(at, search);
    if (found === undefined) break;
    path.push(found[0], found[1]);
    at = found[2];
  }
  const index = path.length > 0 ? (path[1] as number) : 0;
  const { failure } = search;
  const message = failure instanceof Error ? failure.message : String(failure);
  return new UnsendableError({ index, path: formatPath(path.slice(2)) }, message, { cause: failure });
}

interface Search {
  trialsLeft: number;
  /** What V8 said of the innermost value found so far. */
  failure: unknown;
}

type Part = [...Step, part: unknown];

/** The first part of a value that cannot be cloned by itself. */
function failingPart(value: object, search: Search): Part | undefined {
  if (Array.isArray(value)) return failingElement(value, search);
  for (const part of partsOf(value)) if (fails(part[2], search)) return part;
  return undefined;
}

/** Looks into halves, since an array may be long. */
function failingElement(array: unknown[], search: Search): Part | undefined {
  let [from, to] = [0, array.length];
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if (fails(array.slice(from, middle), search)) to = middle;
    else from = middle;
  }
  return array.length > 0 && fails(array[from], search) ? [ELEMENT, from, array[from]] : undefined;
}

function fails(value: unknown, search: Search): boolean {
  if (search.trialsLeft-- <= 0) return false;
  const failure = failureOf(value);
  if (failure === undefined) return false;
  search.failure = failure;
  return true;
}

function failureOf(value: unknown): unknown {
  try {
    encodeByV8([value]);
    return undefined;
  } catch (error) {
    return error;
  }
}

function* partsOf(value: object): Iterable<Part> {
  if (value instanceof Map) {
    let position = 0;
    for (const [key, member] of value) {
      yield [MAP_KEY, position++, key];
      yield [MAP_VALUE, key, member];
    }
  } else if (value instanceof Set) {
    let position = 0;
    for (const member of value) yield [SET_MEMBER, position++, member];
  } else {
    for (const key of Object.keys(value)) yield [KEY, key, (value as Record<string, unknown>)[key]];
  }
}
