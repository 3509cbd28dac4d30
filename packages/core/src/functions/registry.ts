import { isMainThread } from 'node:worker_threads';
import { invalidArgValue, invalidState, isFunction, isString, nearestName } from '../check.js';

type AnyFunction = (...args: never[]) => unknown;

/** The variable of the environment by which a process knows that it was started for a function: its name. */
export const FUNCTION_VARIABLE = 'FORKMAP_FUNCTION';

/** The descriptors of a process that was started for a function: its arguments come by one, its result goes by the other. */
export const FUNCTION_FDS = Object.freeze({ args: 3, result: 4 });

const functions = new Map<string, AnyFunction>();
let isInitialized = false;

/** WHY when this is loaded, and not in `init`: whatever this process starts before that must not find the variable. */
function takeAsked(): string | undefined {
  if (!isMainThread) return undefined;
  const name = process.env[FUNCTION_VARIABLE];
  delete process.env[FUNCTION_VARIABLE];
  return name;
}

/** The function that this process was started for. */
export const askedFunction: string | undefined = takeAsked();

/**
 * Gives a function a name, by which `spawnFunction` runs it in a new process of this program.
 * @param name not taken yet
 * @param fn called with the arguments of `spawnFunction`; may be asynchronous
 * @throws `ERR_INVALID_STATE` after `init()`: the new process would not know the name when it needs it;
 *   `ERR_INVALID_ARG_VALUE` where the name is taken or empty; `ERR_INVALID_ARG_TYPE`
 */
export function registerFunction<A extends unknown[]>(name: string, fn: (...args: A) => unknown): void {
  isString('name', name);
  isFunction('fn', fn);
  if (name === '') throw invalidArgValue('a function is registered by a name that is not empty');
  if (isInitialized) {
    throw invalidState(`registerFunction('${name}') comes after init(): register every function before it`);
  }
  if (functions.has(name)) throw invalidArgValue(`a function is registered as '${name}' already`);
  functions.set(name, fn as AnyFunction);
}

/** The first time: true. From then on no function can be registered, and those that are can be spawned. */
export function initialize(): boolean {
  if (isInitialized) return false;
  isInitialized = true;
  return true;
}

/** Throws where a function of that name could not be spawned. */
export function checkSpawnable(name: unknown): asserts name is string {
  isString('name', name);
  if (!isInitialized) {
    throw invalidState(`spawnFunction('${name}') comes before init(): call init() once all are registered`);
  }
  functionOf(name as string);
}

/** Throws `ERR_INVALID_ARG_VALUE` with the name that was probably meant. */
export function functionOf(name: string): AnyFunction {
  const fn = functions.get(name);
  if (fn) return fn;
  const known = [...functions.keys()];
  const nearest = nearestName(name, known);
  const list = known.length > 0 ? `; registered are ${known.join(', ')}` : '; none is registered';
  const hint = nearest === undefined ? list : `; did you mean '${nearest}'?`;
  throw invalidArgValue(`no function is registered as '${name}'${hint}`);
}
