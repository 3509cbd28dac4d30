import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { checkFn, ForkError, invalidArgValue, isString, spawnError } from '@forkmap/core/internal';
import { made, recipeOf } from './made.js';

// biome-ignore lint/suspicious/noExplicitAny: of whatever arguments the export is
type AnyFunction = (...args: any[]) => any;

/** A function that has a place: the export of a module. Callable as that export is. */
export type Task<F extends AnyFunction = AnyFunction> = F & {
  /** The URL of its module. */
  readonly module: string;
  /** What it is exported as. */
  readonly exportName: string;
};

/**
 * A function named by its module and export, so that it can be run where no closure can go: with `engine: 'spawn'` every
 * verb takes tasks for its functions, and runs them in spawned processes. Elsewhere it is a function like any other.
 *
 * ```ts
 * const squareTask = task(import.meta.url, 'square', square);
 * ```
 *
 * @param module the module's URL: `import.meta.url` for the module in which it is written. Every spawned process loads
 *   it: what is to run once only must not be in it, or be behind `if (!isForkChild())`.
 * @param exportName what the function is exported as; `default` too
 * @param fn the function itself, where it is at hand: then the task is typed by it, and nothing needs to be loaded here.
 *   Otherwise its module is, when the task is first called or given to a verb, which a module that is still being
 *   evaluated, such as one that waits for the call at its top level, does not allow.
 * @throws `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for what is no URL. Whether the module has such a function is
 *   only looked at when it is needed: `ERR_FORKMAP_SPAWN`.
 */
export function task<F extends AnyFunction = AnyFunction>(
  module: string | URL,
  exportName: string,
  fn?: F,
): Task<F> {
  if (!(module instanceof URL)) isString('module', module);
  isString('exportName', exportName);
  if (!URL.canParse(String(module))) {
    throw invalidArgValue(
      `a task's module is a URL, such as import.meta.url; received '${module}'. Of a path, pathToFileURL makes one`,
    );
  }
  const named = made(taskOf, String(module), exportName) as Task<F>;
  if (fn !== undefined) {
    checkFn(fn);
    loaded.set(named, fn);
  }
  return named;
}

/** What each task calls, as far as it is known. */
const loaded = new WeakMap<Task, AnyFunction>();

/** As `task`, of arguments that are right. */
export function taskOf(module: string, exportName: string): Task {
  const call = function (this: unknown, ...args: unknown[]) {
    return (loaded.get(call) ?? loadTaskNow(call)).apply(this, args);
  } as unknown as Task;
  Object.defineProperties(call, {
    name: { value: exportName, configurable: true },
    module: { value: module, enumerable: true },
    exportName: { value: exportName, enumerable: true },
  });
  return call;
}

export function isTask(thing: unknown): thing is Task {
  return typeof thing === 'function' && recipeOf(thing)?.maker === taskOf;
}

/** Loads what a task calls. Throws where the module, or the export, is not there or cannot be had at once. */
export function loadTaskNow(which: Task): AnyFunction {
  const known = loaded.get(which);
  if (known) return known;
  let exported: object;
  try {
    // WHY `require`: who calls a task as a function wants its result, and not a promise of it.
    exported = createRequire(import.meta.url)(fileURLToPath(which.module));
  } catch (cause) {
    throw unloadable(which, cause);
  }
  return keep(which, exported);
}

/** As `loadTaskNow`, where there is time to wait. */
export async function loadTask(which: Task): Promise<AnyFunction> {
  try {
    return loadTaskNow(which);
  } catch (error) {
    if (!mayLoadLater(error)) throw error;
  }
  try {
    return keep(which, await importOrEnd(which));
  } catch (cause) {
    throw cause instanceof ForkError ? cause : unloadable(which, cause);
  }
}

/** Whether only `require` could not load it: by its URL, or because it is being evaluated, or is so asynchronously. */
export function mayLoadLater(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return ONLY_REQUIRE_FAILS.has(String(code));
}

const ONLY_REQUIRE_FAILS = new Set([
  'ERR_REQUIRE_CYCLE_MODULE',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_REQUIRE_ESM',
  'ERR_INVALID_URL_SCHEME',
  'ERR_INVALID_FILE_URL_PATH',
]);

/** WHY an end: a module that waits for what waits for the module is never there, and nothing would say so. */
async function importOrEnd(which: Task): Promise<object> {
  let onIdle: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    onIdle = () =>
      reject(
        spawnError(
          `${placeOf(which)} is not there yet: its module waits, at its top level, for this very call. ` +
            `Give the function itself as the task's third argument`,
        ),
      );
  });
  process.once('beforeExit', onIdle);
  try {
    return await Promise.race([import(which.module), end]);
  } finally {
    process.off('beforeExit', onIdle);
  }
}

function keep(which: Task, exported: object): AnyFunction {
  const found = findExport(exported, which.exportName);
  if (typeof found !== 'function') {
    throw spawnError(`${placeOf(which)} is ${found === undefined ? 'not there' : 'no function'}`);
  }
  if (isTask(found) && found.module === which.module && found.exportName === which.exportName) {
    throw spawnError(`${placeOf(which)} is this task itself: export the function, under a name of its own`);
  }
  loaded.set(which, found as AnyFunction);
  return found as AnyFunction;
}

/** As `import` has it: the default of a CommonJS module is what it exports. */
function findExport(exported: object, name: string): unknown {
  const isModule = (exported as Record<symbol, unknown>)[Symbol.toStringTag] === 'Module';
  if (name === 'default' && !isModule) return exported;
  return (exported as Record<string, unknown>)[name];
}

function unloadable(which: Task, cause: unknown): Error {
  const hint = mayLoadLater({ cause }) ? ". Give the function itself as the task's third argument" : '';
  return spawnError(
    `${placeOf(which)} cannot be loaded: ${(cause as Error)?.message ?? cause}${hint}`,
    cause,
  );
}

function placeOf({ module, exportName }: Task): string {
  return `the task '${exportName}' of ${module}`;
}
