import { closureError } from './errors.js';
import { isList, recipeOf } from './made.js';
import { nameOf } from './makers.js';
import { isTask, loadTask, loadTaskNow, mayLoadLater, type Task, taskOf } from './task.js';

/** A thing as data. */
export type Description =
  | { is: 'made'; by: string; of: Description[] }
  | { is: 'list'; at: number }
  | { is: 'value'; value: unknown };

/** A list of a call: how long it is, and of which kind of typed array. */
export interface ListShape {
  length: number;
  kind: string | undefined;
}

/** What spawned processes are told of a call, and the lists of which they are sent parts. */
export class Describer {
  readonly lists: ArrayLike<unknown>[] = [];

  /** @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task */
  describe(thing: unknown): Description {
    if ((typeof thing !== 'object' || thing === null) && typeof thing !== 'function') {
      return { is: 'value', value: thing };
    }
    if (isList(thing)) return { is: 'list', at: this.#placeOf(thing as ArrayLike<unknown>) };
    const recipe = recipeOf(thing);
    if (recipe) {
      return { is: 'made', by: nameOf(recipe.maker), of: recipe.args.map((arg) => this.describe(arg)) };
    }
    if (typeof thing === 'function') throw closureError(thing);
    return { is: 'value', value: thing };
  }

  shapes(): ListShape[] {
    return this.lists.map((list) => ({
      length: list.length,
      kind: ArrayBuffer.isView(list)
        ? (list as unknown as Record<symbol, string>)[Symbol.toStringTag]
        : undefined,
    }));
  }

  #placeOf(list: ArrayLike<unknown>): number {
    const at = this.lists.indexOf(list);
    return at >= 0 ? at : this.lists.push(list) - 1;
  }
}

/** The same thing with the modules of its tasks named otherwise. */
export function renameModules(thing: Description, rename: (module: string) => string): Description {
  if (thing.is !== 'made') return thing;
  const [module] = thing.of;
  if (thing.by === nameOf(taskOf) && module?.is === 'value')
    return { ...thing, of: [{ is: 'value', value: rename(String(module.value)) }, ...thing.of.slice(1)] };
  return { ...thing, of: thing.of.map((part) => renameModules(part, rename)) };
}

/** The tasks of which things are made. */
export function tasksIn(things: readonly unknown[]): Task[] {
  const found: Task[] = [];
  const look = (thing: unknown) => {
    if (isTask(thing)) found.push(thing);
    else if ((typeof thing === 'object' && thing !== null) || typeof thing === 'function') {
      recipeOf(thing)?.args.forEach(look);
    }
  };
  things.forEach(look);
  return found;
}

/**
 * Loads them here: what is wrong with one is known before anything is begun, and then each is a function that is there.
 * Undefined where there are none: a call of closures begins at once.
 */
export function loadTasks(...things: unknown[]): Promise<void> | undefined {
  const tasks = tasksIn(things);
  return tasks.length > 0 ? loadInOrder(tasks) : undefined;
}

/** WHY one after the other: modules load as if they had been imported so. */
async function loadInOrder(tasks: readonly Task[]): Promise<void> {
  for (const one of tasks) await loadTask(one);
}

/**
 * Loads those that can be loaded at once, for a call whose items run elsewhere: what is wrong with one is known early, and
 * it can be called here. WHY not to wait for others: a module may be at this very call, at its top level.
 */
export function loadTasksNow(...things: unknown[]): void {
  for (const one of tasksIn(things)) {
    try {
      loadTaskNow(one);
    } catch (error) {
      if (!mayLoadLater(error)) throw error;
    }
  }
}
