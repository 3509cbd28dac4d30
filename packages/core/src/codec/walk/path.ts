import { inspect } from 'node:util';

/** A named property: `.name` or `["odd name"]`. */
export const KEY = 0;
/** An element of an array: `[3]`. */
export const ELEMENT = 1;
/** The value of a Map's entry: `.get("name")`. */
export const MAP_VALUE = 2;
/** The key of a Map's entry, by its position: `.keys()[3]`. */
export const MAP_KEY = 3;
/** A member of a Set, by its position: `.values()[3]`. */
export const SET_MEMBER = 4;

/** One step of a path is two things in a row: its kind, and its key. WHY: steps cost nothing until one is printed. */
export type Step = [kind: 0 | 1 | 2 | 3 | 4, key: unknown];

/** How many steps a printed path has at most at either end. */
const SHOWN_STEPS = 20;

/** Prints a path from its steps, flat: kind, key, kind, key. A long one loses its middle. */
export function formatPath(flat: readonly unknown[]): string {
  const steps: string[] = [];
  for (let i = 0; i < flat.length; i += 2) steps.push(formatStep(flat[i] as Step[0], flat[i + 1]));
  if (steps.length > 2 * SHOWN_STEPS) {
    const left = steps.length - 2 * SHOWN_STEPS;
    steps.splice(SHOWN_STEPS, left, `…(${left} levels)…`);
  }
  return steps.join('');
}

function formatStep(kind: Step[0], key: unknown): string {
  switch (kind) {
    case KEY:
      return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(String(key))
        ? `.${key}`
        : `[${JSON.stringify(key)}]`;
    case ELEMENT:
      return `[${key}]`;
    case MAP_VALUE:
      return `.get(${formatMapKey(key)})`;
    case MAP_KEY:
      return `.keys()[${key}]`;
    case SET_MEMBER:
      return `.values()[${key}]`;
  }
}

function formatMapKey(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key);
  return inspect(key, { depth: -1, customInspect: false, breakLength: Number.POSITIVE_INFINITY });
}
