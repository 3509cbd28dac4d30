/**
 * How things are made that spawned processes must have too. A closure cannot be sent; but what a verb composes of the
 * caller's functions is made by functions of this library (`mapStep`, `collectEnd`), from arguments that are data, or made
 * in the same way. Who made what is noted here, so that another process can make it again (describe.ts, rebuild.ts).
 */
export interface Recipe {
  // biome-ignore lint/suspicious/noExplicitAny: any function that makes things
  maker: (...args: any[]) => object;
  args: readonly unknown[];
}

const recipes = new WeakMap<object, Recipe>();
const lists = new WeakSet<object>();

/** Calls `maker`, and notes that what it gives can be made again. */
export function made<A extends unknown[], R extends object>(maker: (...args: A) => R, ...args: A): R {
  return madeAs(maker(...args), maker, ...args);
}

/** Notes that another process may use what `maker` gives for these arguments in the place of `thing`. */
export function madeAs<A extends unknown[], R extends object>(
  thing: R,
  maker: (...args: A) => object,
  ...args: A
): R {
  recipes.set(thing, { maker, args });
  return thing;
}

export function recipeOf(thing: object): Recipe | undefined {
  return recipes.get(thing);
}

/** Marks a list of items: of these, other processes are sent those that a chunk needs. */
export function asList<L extends object>(list: L): L {
  lists.add(list);
  return list;
}

export function isList(thing: object): boolean {
  return lists.has(thing);
}

/** The items [start, end) of a list. */
export interface ItemsRead {
  list: ArrayLike<unknown>;
  start: number;
  end: number;
}
