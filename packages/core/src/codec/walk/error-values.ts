import { types } from 'node:util';
import { CLASS_OF_EFFECT, type ForkError, forkError } from '../../errors/classes.js';
import { isForkErrorCode } from '../../errors/codes.js';
import { DecodeError } from '../errors.js';

const BUILT_IN = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError } as const;
const BUILT_IN_OF_PROTOTYPE = new Map<object, string>([
  ...Object.entries(BUILT_IN).map(([name, { prototype }]): [object, string] => [prototype, name]),
  [AggregateError.prototype, 'AggregateError'],
]);
const FORK_ERROR_PROTOTYPES = new Set<object>(
  Object.values(CLASS_OF_EFFECT).map(({ prototype }) => prototype),
);

const BUILT_IN_NAMES: ReadonlySet<string> = new Set(BUILT_IN_OF_PROTOTYPE.values());

// What stands before the name of a DOMException and the code of a ForkError, where their class is written.
const DOM_EXCEPTION = 'DOMException/';
const FORK_ERROR = 'ForkError/';

/** What built-in errors keep in properties that are not enumerable. All else that is not enumerable is not sent. */
const STANDARD_KEYS = ['message', 'stack', 'cause', 'errors'];

/**
 * Which class an error has on the other side: `TypeError`, `DOMException/AbortError`, `ForkError/ERR_FORKMAP_FORK`.
 * Undefined for a class of the caller's, and for what is no error.
 */
export function errorClass(value: object): string | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return undefined;
  if (prototype === DOMException.prototype)
    return isDomException(value) ? DOM_EXCEPTION + value.name : undefined;
  if (!types.isNativeError(value)) return undefined;
  if (FORK_ERROR_PROTOTYPES.has(prototype)) return FORK_ERROR + (value as ForkError).code;
  return BUILT_IN_OF_PROTOTYPE.get(prototype) ?? classOfNodesOwn(prototype);
}

/** Between its own errors and the built-in class Node has prototypes that pass themselves off as that class. */
function classOfNodesOwn(prototype: object): string | undefined {
  const { constructor: pretended } = prototype;
  const name = BUILT_IN_OF_PROTOTYPE.get(pretended?.prototype);
  return name !== undefined && prototype instanceof pretended ? name : undefined;
}

/** True for errors of any class or realm, and for DOMExceptions. */
export function isErrorLike(value: unknown): value is Error {
  return types.isNativeError(value) || isDomException(value);
}

function isDomException(value: unknown): value is DOMException {
  if (!(value instanceof DOMException)) return false;
  try {
    return typeof value.name === 'string' && typeof value.message === 'string';
  } catch {
    return false; // it only inherits from the prototype
  }
}

/** What to call an error whose class cannot be sent: the name it was given, or else that of its class. */
export function errorName(error: Error): string {
  try {
    const { name } = error;
    const ownClass: unknown = error.constructor?.name;
    const isInherited =
      !Object.hasOwn(error, 'name') && (BUILT_IN_NAMES.has(name) || typeof name !== 'string');
    const chosen = isInherited ? ownClass : name;
    return typeof chosen === 'string' && chosen !== '' ? chosen : 'Error';
  } catch {
    return 'Error'; // a getter or proxy threw
  }
}

/** The own properties of an error that are sent: the standard ones, and all with an enumerable string key. */
export function errorKeys(error: Error): string[] {
  return Object.getOwnPropertyNames(error).filter(
    (key) => STANDARD_KEYS.includes(key) || key === 'name' || isEnumerable(error, key),
  );
}

/**
 * What of a thrown error is sent: `errorKeys`, and what accessors give that its class defines, as validation libraries do
 * for `message`. WHY only of classes that do not arrive: the others have their accessors there.
 */
export function thrownKeys(error: Error): string[] {
  const keys = errorKeys(error);
  if (errorClass(error) !== undefined) return keys;
  let at: object | null = Object.getPrototypeOf(error);
  for (
    ;
    at !== null && !BUILT_IN_OF_PROTOTYPE.has(at) && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (get && key !== '__proto__' && !keys.includes(key)) keys.push(key);
    }
  }
  return keys;
}

/** Whether an own property is enumerable. */
export function isEnumerable(value: object, key: string | symbol): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key);
}

/** Makes an error of a class that `errorClass` gave, bare of own properties: those that were sent go on it next. */
export function makeError(className: unknown, message: unknown): Error {
  const error = constructError(className, message);
  for (const key of Object.getOwnPropertyNames(error)) delete error[key as keyof Error];
  return error;
}

function constructError(className: unknown, message: unknown): Error {
  if (typeof className !== 'string') throw new DecodeError('expected the name of an error class');
  if (className.startsWith(DOM_EXCEPTION)) {
    return new DOMException(String(message), className.slice(DOM_EXCEPTION.length));
  }
  if (className.startsWith(FORK_ERROR)) {
    const code = className.slice(FORK_ERROR.length);
    if (isForkErrorCode(code)) return forkError(code, '');
  }
  if (className === 'AggregateError') return new AggregateError([]);
  if (!Object.hasOwn(BUILT_IN, className)) throw new DecodeError(`unknown error class ${className}`);
  return new BUILT_IN[className as keyof typeof BUILT_IN]();
}
