import type { Description, ListShape } from './describe.js';
import { makerOf } from './makers.js';
import type { Task } from './task.js';

/** Makes things again, in another process, of which `Describer` has told. */
export class Rebuilder {
  readonly lists: unknown[][];
  /** Those that were met. */
  readonly tasks: Task[] = [];

  constructor(shapes: readonly ListShape[]) {
    this.lists = shapes.map(emptyList);
  }

  rebuild(description: Description): unknown {
    switch (description.is) {
      case 'value':
        return description.value;
      case 'list':
        return this.lists[description.at];
      case 'made': {
        const thing = makerOf(description.by)(...description.of.map((arg) => this.rebuild(arg)));
        if (isTaskMade(thing)) this.tasks.push(thing);
        return thing;
      }
    }
  }
}

function isTaskMade(thing: unknown): thing is Task {
  return typeof thing === 'function' && 'exportName' in thing && 'module' in thing;
}

/** As long as the caller's, with none of its items yet. */
function emptyList({ length, kind }: ListShape): unknown[] {
  if (kind === undefined) return new Array(length);
  const TypedArray = (globalThis as unknown as Record<string, new (length: number) => never>)[kind];
  if (!TypedArray) throw new TypeError(`there is no ${kind} here`);
  return new TypedArray(length);
}
