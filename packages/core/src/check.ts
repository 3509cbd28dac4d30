import { inspect } from 'node:util';

type ArgumentErrorCode = 'ERR_INVALID_ARG_TYPE' | 'ERR_OUT_OF_RANGE' | 'ERR_INVALID_ARG_VALUE';

function argumentError(ErrorClass: typeof TypeError, code: ArgumentErrorCode, message: string): Error {
  const error = Object.assign(new ErrorClass(message), { code });
  // WHY: Node prints the code behind the class in the stack's first line; `name` itself stays that of the class.
  const frames = error.stack?.split('\n').slice(1) ?? [];
  error.stack = [`${error.name} [${code}]: ${message}`, ...frames].join('\n');
  return error;
}

/** `TypeError` `ERR_INVALID_ARG_TYPE`: the value is of the wrong kind. */
export function invalidArgType(name: string, expected: string, value: unknown): Error {
  const message = `${describeName(name)} must be ${expected}. Received ${describeReceived(value)}`;
  return argumentError(TypeError, 'ERR_INVALID_ARG_TYPE', message);
}

/** `RangeError` `ERR_OUT_OF_RANGE`: the right kind, but not a value that makes sense. */
export function outOfRange(name: string, expected: string, value: unknown): Error {
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${show(value)}`;
  return argumentError(RangeError as unknown as typeof TypeError, 'ERR_OUT_OF_RANGE', message);
}

/** `TypeError` `ERR_INVALID_ARG_VALUE`: not one of the values that exist. */
export function invalidArgValue(message: string): Error {
  return argumentError(TypeError, 'ERR_INVALID_ARG_VALUE', message);
}

/** `Error` `ERR_INVALID_STATE`: right in itself, but not now. */
export function invalidState(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_INVALID_STATE' });
}

function describeName(name: string): string {
  return name.includes('.') ? `The "${name}" property` : `The "${name}" argument`;
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** A value as Node's messages name it: `undefined`, `an instance of Map`, `type number (5)`. */
export function describeReceived(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`;
  if (typeof value !== 'object') return `type ${typeof value} (${show(value)})`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : show(value);
}

/** Checks one value: throws the argument error, or returns. `name` is what the message calls it. */
export type Check = (name: string, value: unknown) => void;

/** One check per option. Adding an option is adding a line here. */
export type CheckTable = Readonly<Record<string, Check>>;

/**
 * Checks an options object against a table and lays it over the defaults. A field that is `undefined` means its
 * default. Throws the first argument error found: unknown names first, then values in the table's order.
 * @returns a fresh object, which later changes to `options` do not reach
 */
export function checkOptions<T extends object>(
  options: unknown,
  table: CheckTable,
  defaults: Readonly<Partial<T>>,
): T {
  const checked: Record<string, unknown> = { ...defaults };
  if (options === undefined) return checked as T;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgType('options', 'of type object', options);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(table, name)) throw unknownOption(name, Object.keys(table));
  }
  for (const name of Object.keys(table)) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined) continue;
    table[name]?.(`options.${name}`, value);
    checked[name] = value;
  }
  return checked as T;
}

/** The error for an option that does not exist, with the name that was probably meant. */
export function unknownOption(name: string, known: readonly string[]): Error {
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined ? `; expected one of ${known.join(', ')}` : `; did you mean '${nearest}'?`;
  return invalidArgValue(`unknown option '${name}'${hint}`);
}

/** The known name that takes the fewest edits to reach, if it takes few enough to have been meant. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** As `in`, of own properties alone: programs give `Object.prototype` whatever they like. */
export function has<T extends object, K extends string>(
  value: T,
  key: K,
): value is Extract<T, Record<K, unknown>> {
  return Object.hasOwn(value, key);
}

/** A function. */
export const isFunction: Check = (name, value) => {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
};

/** A string. */
export const isString: Check = (name, value) => {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
};

/** A boolean. */
export const isBoolean: Check = (name, value) => {
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
};

/** An `AbortSignal`, or what quacks like one (polyfills, other realms). */
export const isAbortSignal: Check = (name, value) => {
  const signal = value as Partial<AbortSignal> | null;
  const isSignal =
    typeof signal === 'object' &&
    signal !== null &&
    typeof signal.aborted === 'boolean' &&
    typeof signal.addEventListener === 'function' &&
    typeof signal.removeEventListener === 'function';
  if (!isSignal) {
    throw invalidArgType(name, 'an instance of AbortSignal', value);
  }
};

/** A whole number, `min` at least and `max` at most. */
export function isInteger(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return (name, value) => {
    if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
    if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
    if (value < min || value > max) {
      throw outOfRange(name, max === Number.MAX_SAFE_INTEGER ? `>= ${min}` : `>= ${min} && <= ${max}`, value);
    }
  };
}

/** A number that is neither NaN nor infinite. */
export const isFiniteNumber: Check = (name, value) => {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isFinite(value)) throw outOfRange(name, 'a finite number', value);
};

/** A number above zero, Infinity included ("no limit"). */
export const isPositiveOrInfinity: Check = (name, value) => {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value > 0)) throw outOfRange(name, '> 0', value);
};

/** One of a few strings. */
export function isOneOf(...allowed: readonly string[]): Check {
  const list = allowed.map((one) => `'${one}'`).join(', ');
  return (name, value) => {
    if (typeof value !== 'string') throw invalidArgType(name, `one of ${list}`, value);
    if (allowed.includes(value)) return;
    const nearest = nearestName(value, allowed);
    const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
    throw invalidArgValue(`The property '${name}' must be one of ${list}. Received ${show(value)}${hint}`);
  };
}

/** This one value, or whatever the other check lets pass. */
export function isExactlyOr(exact: unknown, otherwise: Check): Check {
  return (name, value) => {
    if (value !== exact) otherwise(name, value);
  };
}

/** Checks the function that a call was given. */
export function checkFn(fn: unknown, name = 'fn'): asserts fn is (...args: never[]) => unknown {
  isFunction(name, fn);
}

/**
 * Checks a list of items: an iterable (strings are) or an array-like object. `length` is judged as `Array.from`
 * judges it, so any object that has one will do.
 */
export function checkItems(
  items: unknown,
  name = 'items',
): asserts items is Iterable<unknown> | ArrayLike<unknown> {
  if (typeof items === 'string') return;
  if (typeof items === 'object' && items !== null) {
    if (typeof (items as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function') return;
    if (typeof (items as Partial<ArrayLike<unknown>>).length === 'number') return;
  }
  throw invalidArgType(name, 'iterable or array-like', items);
}
